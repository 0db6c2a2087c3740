import { Document, isScalar, isSeq, visit } from 'yaml';
import { configDelta } from './delta.ts';
import type { ExperimentConfig } from './schema.ts';

/**
 * An experiment as YAML. Lists of plain values (pixels, rows of a pattern, objectives) stand on one line.
 * @param options.complete Print every key; otherwise version, name and what differs from the defaults.
 */
export function configToYaml(config: ExperimentConfig, options: { complete?: boolean } = {}): string {
  const { version, name } = config;
  const document = new Document(
    options.complete === true ? config : { version, name, ...configDelta(config) },
    { aliasDuplicateObjects: false },
  );
  visit(document, {
    Seq: (_, seq) => {
      seq.flow = seq.items.every((item) => isScalar(item) || (isSeq(item) && item.items.length === 0));
    },
  });
  return document.toString({ lineWidth: 0, flowCollectionPadding: false });
}
