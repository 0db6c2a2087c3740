/** The layers of a Keras topology as nodes, each with the names of those that lead to it. */
import type { LabError } from '../errors.ts';

export interface GraphNode {
  name: string;
  /** Its class in Keras. */
  kind: string;
  given: Record<string, unknown>;
  inputs: readonly string[];
  /** For people. */
  where: string;
}

/** The layers of a Sequential, one behind another. */
export function sequentialNodes(list: readonly unknown[]): GraphNode[] {
  const nodes = list.map((item, index) => nodeOf(item, index, []));
  return nodes.map((node, index) => {
    const before = nodes[index - 1];
    return before ? { ...node, inputs: [before.name] } : node;
  });
}

/** The layers of a Functional with their inputs. Throws what `refuse` makes of a layer used twice or an unknown name. */
export function functionalNodes(list: readonly unknown[], refuse: (why: string) => LabError): GraphNode[] {
  const nodes = list.map((item, index) => {
    const { inbound_nodes: calls = [] } = record(item);
    const node = nodeOf(item, index, []);
    if (!Array.isArray(calls) || calls.length > 1) throw refuse(`${node.where} is used more than once`);
    const call: unknown = calls[0] ?? [];
    const inputs = Array.isArray(call) ? call.map((one: unknown) => inputName(one)) : [null];
    if (inputs.includes(null))
      throw refuse(`${node.where} has inputs written in a way that the lab does not know`);
    return { ...node, inputs: inputs.flatMap((input) => input ?? []) };
  });
  const names = new Set(nodes.map(({ name }) => name));
  if (names.size < nodes.length) throw refuse('Two of its layers have one name');
  for (const { inputs, where } of nodes)
    for (const input of inputs)
      if (!names.has(input)) throw refuse(`${where} follows "${input}", which is not there`);
  return nodes;
}

/** `["conv1", 0, 0, {}]`. */
function inputName(input: unknown): string | null {
  const name: unknown = Array.isArray(input) ? input[0] : null;
  return typeof name === 'string' ? name : null;
}

function nodeOf(item: unknown, index: number, inputs: readonly string[]): GraphNode {
  const { class_name: kind, config, name: outer } = record(item);
  const given = record(config);
  const own = typeof given.name === 'string' ? given.name : outer;
  const name = typeof own === 'string' ? own : `layer ${index}`;
  return { name, kind: text(kind), given, inputs, where: `Layer ${index} (${text(kind)} "${name}")` };
}

export function text(value: unknown): string {
  return typeof value === 'string' ? value : (JSON.stringify(value) ?? 'thing without a name');
}

function record(value: unknown): Record<string, unknown> {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
}
