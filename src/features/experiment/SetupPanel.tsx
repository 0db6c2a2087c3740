import { Accordion } from '@mantine/core';
import { useExperiment } from '../../state/experiment-store.ts';
import { AttackSection } from './AttackSection.tsx';
import { ConfigField } from './ConfigField.tsx';
import { DraftProblems } from './DraftProblems.tsx';
import { FederatedSection } from './FederatedSection.tsx';
import { PresetSelect } from './PresetSelect.tsx';
import { Section } from './Section.tsx';
import classes from './SetupPanel.module.css';
import {
  attackSummary,
  backendSummary,
  evaluationSummary,
  federatedSummary,
  taskSummary,
  trainingSummary,
  triggerSummary,
} from './summaries.ts';
import { TaskSection } from './TaskSection.tsx';
import { TriggerSection } from './TriggerSection.tsx';
import { EvaluationSection, TrainingSection } from './TrainingSection.tsx';

const OPEN_AT_FIRST = ['trigger'];

/** The whole experiment as a form. */
export function SetupPanel() {
  const draft = useExperiment((state) => state.draft);
  return (
    <div className={classes.panel}>
      <PresetSelect />
      <DraftProblems />
      <Accordion
        multiple
        defaultValue={OPEN_AT_FIRST}
        order={3}
        keepMounted={false}
        className={classes.accordion}
      >
        <Section id="task" title="Task" summary={taskSummary(draft)}>
          <TaskSection />
        </Section>
        <Section id="trigger" title="Trigger" summary={triggerSummary(draft)}>
          <TriggerSection />
        </Section>
        <Section id="attack" title="Attack" summary={attackSummary(draft)}>
          <AttackSection />
        </Section>
        <Section id="training" title="Training" summary={trainingSummary(draft)}>
          <TrainingSection />
        </Section>
        <Section id="federated" title="Federated" summary={federatedSummary(draft)}>
          <FederatedSection />
        </Section>
        <Section id="evaluation" title="Evaluation" summary={evaluationSummary(draft)}>
          <EvaluationSection />
        </Section>
        <Section id="backend" title="Backend and name" summary={backendSummary(draft)}>
          <ConfigField path="backend" />
          <ConfigField path="name" />
        </Section>
      </Accordion>
    </div>
  );
}
