import { ActionIcon, Menu, Popover, Slider, Stack, Switch, Text, Tooltip } from '@mantine/core';
import { IconAdjustmentsHorizontal, IconChartLine, IconDownload, IconTable } from '@tabler/icons-react';
import { memo } from 'react';

export interface ChartToolsProps {
  title: string;
  smoothing: number;
  onSmoothing: (weight: number) => void;
  canSmooth: boolean;
  logarithmic: boolean;
  onLogarithmic: (on: boolean) => void;
  canBeLogarithmic: boolean;
  asTable: boolean;
  onAsTable: (on: boolean) => void;
  onExportPicture: () => void;
  onExportCsv?: (() => void) | undefined;
}

const ICON = { size: 16, stroke: 1.75 };
const SMOOTHING_MARKS = [{ value: 0 }, { value: 0.5 }, { value: 0.9 }];

/** What can be done to a chart: smooth, logarithmic scale, see as a table, take home. */
export const ChartTools = memo(function ChartTools(props: ChartToolsProps) {
  const { title, asTable } = props;
  return (
    <>
      {(props.canSmooth || props.canBeLogarithmic) && (
        <Popover position="bottom-end" shadow="sm" withinPortal width={220} trapFocus>
          <Popover.Target>
            <ActionIcon aria-label={`Smoothing and scale of ${title}`} title="Smoothing and scale">
              <IconAdjustmentsHorizontal {...ICON} />
            </ActionIcon>
          </Popover.Target>
          <Popover.Dropdown>
            <ChartSettings {...props} />
          </Popover.Dropdown>
        </Popover>
      )}
      <Tooltip label={asTable ? 'View as chart' : 'View as table'}>
        <ActionIcon
          aria-label={`View ${title} as table`}
          aria-pressed={asTable}
          onClick={() => props.onAsTable(!asTable)}
        >
          {asTable ? <IconChartLine {...ICON} /> : <IconTable {...ICON} />}
        </ActionIcon>
      </Tooltip>
      <Menu position="bottom-end" shadow="sm" withinPortal>
        <Menu.Target>
          <ActionIcon aria-label={`Download ${title}`} title="Download">
            <IconDownload {...ICON} />
          </ActionIcon>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Item onClick={props.onExportPicture} disabled={asTable}>
            Picture (PNG)
          </Menu.Item>
          {props.onExportCsv !== undefined && (
            <Menu.Item onClick={props.onExportCsv}>All values (CSV)</Menu.Item>
          )}
        </Menu.Dropdown>
      </Menu>
    </>
  );
});

function ChartSettings(props: ChartToolsProps) {
  return (
    <Stack gap="sm">
      {props.canSmooth && (
        <div>
          <Text size="xs" fw={600}>
            Smoothing {props.smoothing === 0 ? 'off' : props.smoothing.toFixed(2)}
          </Text>
          <Slider
            min={0}
            max={0.99}
            step={0.01}
            value={props.smoothing}
            onChange={props.onSmoothing}
            marks={SMOOTHING_MARKS}
            label={null}
            thumbLabel={`Smoothing of ${props.title}`}
          />
          <Text size="xs" c="dimmed" mt={4}>
            Moving average; the faint line is what was measured.
          </Text>
        </div>
      )}
      {props.canBeLogarithmic && (
        <Switch
          label="Logarithmic scale"
          checked={props.logarithmic}
          onChange={(event) => props.onLogarithmic(event.currentTarget.checked)}
        />
      )}
    </Stack>
  );
}
