import { useMemo } from 'react';
import { allFields } from '../../core/config/fields.ts';
import { PLACED_KINDS, type SynthesizerConfig } from '../../core/config/schema.ts';
import { isForImages, suits } from '../../core/synthesizers/create.ts';
import { type DatasetInfo, pixelsPerImage } from '../../core/datasets/dataset.ts';
import { infoOfTask } from '../../core/datasets/subset.ts';
import { useDatasets } from '../../state/dataset-store.ts';
import { useExperiment } from '../../state/experiment-store.ts';
import { PickedImages } from '../pick-images/PickedImages.tsx';
import { stampPreview } from '../trigger-painter/preview-stamps.ts';
import { TriggerPainter } from '../trigger-painter/TriggerPainter.tsx';
import { TriggerPreview } from '../trigger-painter/TriggerPreview.tsx';
import { ChoiceField } from './ChoiceField.tsx';
import { ConfigField } from './ConfigField.tsx';
import { FurtherBackdoors } from './FurtherBackdoors.tsx';
import { IndexListField } from './IndexListField.tsx';
import classes from './SetupPanel.module.css';
import { PictureField } from './PictureField.tsx';
import { UnlearnedTrigger } from './UnlearnedTrigger.tsx';
import { UnsuitedTrigger } from './UnsuitedTrigger.tsx';
import { useChosenData } from './use-chosen-data.ts';
import { useConfigField } from './use-config-field.ts';
import { WordsTrigger } from './WordsTrigger.tsx';

type WholeImage = Exclude<SynthesizerConfig, { placement: unknown }>;

/** What the trigger is: painted where it is a small picture, set by numbers where it changes the whole image, written for texts. */
export function TriggerSection() {
  const synthesizer = useExperiment((state) => state.draft.attack.synthesizer);
  const data = useChosenData();
  return (
    <>
      <KindField data={data?.kind ?? null} />
      {data !== null && !suits(synthesizer.kind, data.kind) ? (
        <UnsuitedTrigger info={data} />
      ) : (
        <TriggerFields synthesizer={synthesizer} />
      )}
      <FurtherBackdoors />
    </>
  );
}

function TriggerFields({ synthesizer }: { synthesizer: SynthesizerConfig }) {
  if ('placement' in synthesizer) return <PaintedTrigger synthesizer={synthesizer} />;
  if (synthesizer.kind === 'words') return <WrittenTrigger synthesizer={synthesizer} />;
  return <WholeImageTrigger synthesizer={synthesizer} />;
}

/** The three kinds that the painter paints are one choice here; the painter tells them apart. */
const PLACED = 'placed';

function KindField({ data }: { data: DatasetInfo['kind'] | null }) {
  const field = useConfigField('attack.synthesizer.kind');
  const placed = useExperiment((state) => 'placement' in state.draft.attack.synthesizer);
  // What is chosen stays in the list, whether it suits the data or not.
  const fits = (kind: string): boolean => data === null || kind === field.value || suits(kind, data);
  const others = field.info.options.filter(
    ({ value }) => !(PLACED_KINDS as readonly string[]).includes(value) && fits(value),
  );
  const small = placed || fits('pattern') ? [{ value: PLACED, label: 'Small picture at a place' }] : [];
  return (
    <ChoiceField
      field={field}
      value={placed ? PLACED : String(field.value)}
      options={[...small, ...others.map(({ value, title }) => ({ value, label: title }))]}
      onChoose={(kind) => field.set(kind === PLACED ? 'pattern' : kind)}
    />
  );
}

function PaintedTrigger({ synthesizer }: { synthesizer: Exclude<SynthesizerConfig, WholeImage> }) {
  const label = useExperiment((state) => state.draft.attack.label);
  const setSynthesizer = useExperiment((state) => state.setSynthesizer);
  const info = useDatasets((state) => state.info);
  const previews = useDatasets((state) => state.previews);
  const loading = useDatasets((state) => state.status === 'loading');
  if (info?.kind !== 'images') {
    return (
      <>
        <p>The trigger can be painted once the data set is known.</p>
        {loading && <div className={classes.painter} aria-hidden />}
      </>
    );
  }
  return (
    <TriggerPainter
      value={synthesizer}
      onChange={setSynthesizer}
      shape={info.shape}
      dataset={previews && 'images' in previews ? previews : null}
      label={label}
      classes={info.classes}
    />
  );
}

function WrittenTrigger({ synthesizer }: { synthesizer: Extract<SynthesizerConfig, { kind: 'words' }> }) {
  const { task, attack } = useExperiment((state) => state.draft);
  const info = useDatasets((state) => state.info);
  const previews = useDatasets((state) => state.previews);
  return (
    <WordsTrigger
      synthesizer={synthesizer}
      label={attack.label}
      info={info?.kind === 'text' ? infoOfTask(info, task) : null}
      previews={previews && 'texts' in previews ? previews : null}
    />
  );
}

function WholeImageTrigger({ synthesizer }: { synthesizer: WholeImage }) {
  const label = useExperiment((state) => state.draft.attack.label);
  const seed = useExperiment((state) => state.draft.seed);
  const info = useDatasets((state) => state.info);
  const previews = useDatasets((state) => state.previews);
  const fits =
    info?.kind === 'images' &&
    previews !== null &&
    'images' in previews &&
    previews.images.length === previews.labels.length * pixelsPerImage(info.shape);
  const stamped = useMemo(
    () =>
      fits && synthesizer.kind !== 'input_aware'
        ? stampPreview(synthesizer, info.shape, previews, 1, seed)
        : null,
    [fits, synthesizer, info, previews, seed],
  );
  const fields = allFields().filter(
    ({ path, when }) =>
      path.startsWith('attack.synthesizer.') &&
      !path.startsWith('attack.synthesizer.picture.') &&
      when.some(
        (condition) => condition.path === 'attack.synthesizer.kind' && condition.is === synthesizer.kind,
      ),
  );
  return (
    <>
      {'picture' in synthesizer && <PictureField />}
      {synthesizer.kind === 'semantic' && info?.kind === 'images' && (
        <PickedImages synthesizer={synthesizer} />
      )}
      {synthesizer.kind === 'input_aware' && <UnlearnedTrigger />}
      {fields
        .filter(({ type }) => type !== 'section' && type !== 'list' && type !== 'map')
        .map(({ path }) => (
          <ConfigField key={path} path={path} />
        ))}
      {fields
        .filter(({ type }) => type === 'list')
        .map(({ path }) => (
          <IndexListField key={path} path={path} />
        ))}
      {fits && stamped !== null && isForImages(synthesizer) && (
        <TriggerPreview
          shape={info.shape}
          dataset={previews}
          stamped={stamped}
          label={label}
          classNames={info.classes}
          chosen={null}
          onChoose={null}
          onShuffle={null}
          disabled={false}
        />
      )}
    </>
  );
}
