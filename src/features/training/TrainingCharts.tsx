import { memo } from 'react';

import { EditNote } from './EditNote.tsx';
import { EpsilonChart } from './EpsilonChart.tsx';
import {
  AccuracyChart,
  CosineChart,
  GradientNormChart,
  LossChart,
  ScalesChart,
  type RunChartProps,
} from './RunCharts.tsx';
import classes from './training.module.css';

/** All charts of a run: accuracy over the whole width, the others in as many columns as fit. */
export const TrainingCharts = memo(function TrainingCharts(props: RunChartProps) {
  return (
    <div className={classes.charts}>
      <div className={classes.wide}>
        <EditNote />
      </div>
      <div className={classes.wide}>
        <AccuracyChart {...props} />
      </div>
      <LossChart {...props} />
      <ScalesChart {...props} />
      <GradientNormChart {...props} />
      <CosineChart {...props} />
      <EpsilonChart {...props} />
    </div>
  );
});
