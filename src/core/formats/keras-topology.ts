/**
 * The layers of a network as TensorFlow.js writes them into `model.json`, and back: a Keras Sequential, or with residual
 * blocks a Functional. ReLU and a final softmax may stand alone or as the activation of a layer; the softmax is dropped,
 * since logits come out here.
 */
import { asSentence } from '../error-words.ts';
import { LabError } from '../errors.ts';
import type { Layer, PlainLayer } from '../models/layers.ts';
import type { ImageDims, InputShape } from '../models/shapes.ts';
import type { GraphNode } from './keras-graph.ts';
import { functionalNodes, sequentialNodes, text } from './keras-graph.ts';
import {
  isCount,
  type KerasLayer,
  kerasLayers,
  noPlace,
  readKerasLayer,
  zeroBorder,
} from './keras-layers.ts';

/** A topology that takes [n, height, width, channels] and gives logits [n, classes]. Throws E-MODEL for texts. */
export function topologyOf(
  name: string,
  layers: readonly Layer[],
  input: InputShape,
): Record<string, unknown> {
  const plain = layers.flatMap((layer) =>
    layer.kind === 'residual' || layer.kind === 'parallel' ? [] : [layer],
  );
  const model =
    plain.length === layers.length ? sequential(name, plain, input) : functional(name, layers, input);
  return { ...model, keras_version: 'tfjs-layers 4.22.0', backend: 'tensor_flow.js' };
}

function sequential(name: string, layers: readonly PlainLayer[], input: InputShape): Record<string, unknown> {
  const keras = layers.flatMap(kerasLayers);
  const first = keras[0];
  if (first !== undefined) first.config = { ...first.config, batch_input_shape: [null, ...input] };
  return { class_name: 'Sequential', config: { name, layers: keras } };
}

function functional(name: string, layers: readonly Layer[], input: InputShape): Record<string, unknown> {
  const nodes: Record<string, unknown>[] = [];
  let joints = 0;
  let index = 0;
  const add = ({ class_name, config }: KerasLayer, ...from: string[]): string => {
    const inbound_nodes = from.length === 0 ? [] : [from.map((one) => [one, 0, 0, {}])];
    nodes.push({ name: config.name, class_name, config, inbound_nodes });
    return String(config.name);
  };
  const chain = (part: readonly Layer[], from: string): string =>
    part.reduce((before, layer) => {
      if (layer.kind === 'parallel') throw noPlace(layer);
      if (layer.kind !== 'residual')
        return kerasLayers(layer, index++).reduce((last, keras) => add(keras, last), before);
      const branches = [layer.body, layer.shortcut].map((branch) => chain(branch, before));
      const config = { name: `add_${joints++}`, trainable: true, dtype: 'float32' };
      return add({ class_name: 'Add', config }, ...branches);
    }, from);
  const inputName = 'images';
  const config = { name: inputName, batch_input_shape: [null, ...input], dtype: 'float32', sparse: false };
  const output = chain(layers, add({ class_name: 'InputLayer', config }));
  return {
    class_name: 'Functional',
    config: { name, layers: nodes, input_layers: [[inputName, 0, 0]], output_layers: [[output, 0, 0]] },
  };
}

export interface ReadTopology {
  layers: Layer[];
  inputShape: ImageDims;
}

/** The layers of a topology. Throws E-MODEL that names the layer or setting which the lab does not know. */
export function readTopology(topology: unknown, file: string): ReadTopology {
  const refuse = (why: string): LabError =>
    new LabError({
      code: 'E-MODEL',
      what: `${file} has a topology that the lab cannot take.`,
      why: asSentence(why),
      fix: 'Import a model of Conv2D, BatchNormalization, MaxPooling2D, GlobalAveragePooling2D, Add, Flatten, Dense and ReLU layers.',
      where: file,
    });
  // Keras in Python wraps the model in `model_config`.
  const root = record(topology).model_config ?? topology;
  const { class_name: className, config } = record(root);
  const graph = className === 'Functional' || className === 'Model';
  if (!graph && className !== 'Sequential')
    throw refuse(`It is a ${text(className)}, not a Sequential or Functional`);
  const list: unknown = Array.isArray(config) ? config : record(config).layers;
  if (!Array.isArray(list) || list.length === 0) throw refuse('It has no layers');
  const nodes = graph ? functionalNodes(list, refuse) : sequentialNodes(list);
  const [first, ...others] = nodes.filter(({ inputs }) => inputs.length === 0);
  if (first === undefined || others.length > 0) throw refuse('It has not one input');
  const inputShape = imageDims(first.given.batch_input_shape ?? first.given.batchInputShape);
  const layers = new TopologyReader(nodes, refuse).layersFrom(first);
  if (inputShape === null)
    throw refuse('Its first layer does not say the input shape [height, width, channels]');
  return { layers, inputShape };
}

/** Follows the nodes from the input; where two ways part they must meet again in an Add. */
class TopologyReader {
  private readonly seen = new Set<GraphNode>();

  constructor(
    private readonly nodes: readonly GraphNode[],
    private readonly refuse: (why: string) => LabError,
  ) {}

  layersFrom(first: GraphNode): Layer[] {
    const { layers, join } = this.follow(first);
    if (join) throw this.refuse(`${join.where} adds nothing to its input`);
    if (this.seen.size < this.nodes.length) throw this.refuse('Some of its layers lead nowhere');
    return layers;
  }

  /** From `first` to the end, or to the Add where another way may join. */
  private follow(first: GraphNode): { layers: Layer[]; join: GraphNode | null } {
    const layers: Layer[] = [];
    let border: number | null = null;
    for (let node: GraphNode | null = first; node;) {
      if (this.seen.has(node)) throw this.refuse(`${node.where} is reached twice`);
      this.seen.add(node);
      const nexts = this.nodes.filter(({ inputs }) => inputs.includes(node?.name ?? ''));
      if (node.kind === 'ZeroPadding2D') {
        border = zeroBorder(node.given);
        if (border === null) throw this.refuse(`${node.where} has not the same border on every side`);
        if (nexts[0]?.kind !== 'Conv2D' && nexts[0]?.kind !== 'MaxPooling2D')
          throw this.refuse(`${node.where} has no Conv2D or MaxPooling2D behind it`);
      } else if (node.kind !== 'Add') {
        layers.push(...this.read(node, border, nexts.length === 0));
        border = null;
      }
      const [next, other, ...more] = nexts;
      if (more.length > 0) throw this.refuse(`${node.where} leads to ${nexts.length} layers`);
      if (next && other) {
        const { block, join } = this.block(node, next, other);
        layers.push(block);
        node = join;
      } else {
        if (next?.kind === 'Add') return { layers, join: next };
        node = next ?? null;
      }
    }
    return { layers, join: null };
  }

  private block(from: GraphNode, ...starts: GraphNode[]): { block: Layer; join: GraphNode } {
    const ways = starts.map((start) =>
      start.kind === 'Add' ? { layers: [], join: start } : this.follow(start),
    );
    const [shortcut, body] = ways.sort((a, b) => a.layers.length - b.layers.length);
    const join = body?.join;
    if (!body || !shortcut || !join || shortcut.join !== join || join.inputs.length !== 2)
      throw this.refuse(`The two ways from ${from.where} do not meet in an Add`);
    return { block: { kind: 'residual', body: body.layers, shortcut: shortcut.layers }, join };
  }

  private read(node: GraphNode, border: number | null, last: boolean): Layer[] {
    const { kind, name, given, where } = node;
    const read = readKerasLayer(kind, name, given, last);
    if (read === null) throw this.refuse(`${where} is none that the lab knows`);
    if (typeof read === 'string') throw this.refuse(`${where} ${read}`);
    const layers = border === null ? read : read.map((layer) => this.bordered(layer, border, where));
    const activation = kind === 'InputLayer' ? 'linear' : (given.activation ?? 'linear');
    if (activation === 'relu') return [...layers, { kind: 'relu' }];
    if (activation === 'linear' || (activation === 'softmax' && last)) return layers;
    throw this.refuse(`${where} has the activation ${text(activation)}`);
  }

  private bordered(layer: Layer, border: number, where: string): Layer {
    if (layer.kind === 'conv' && layer.padding === 'valid') return { ...layer, padding: border };
    if (layer.kind === 'max_pool') return { ...layer, padding: border };
    throw this.refuse(`${where} has two borders`);
  }
}

function imageDims(shape: unknown): ImageDims | null {
  if (!Array.isArray(shape) || shape.length !== 4) return null;
  const [, height, width, channels] = shape as unknown[];
  return isCount(height) && isCount(width) && isCount(channels) ? [height, width, channels] : null;
}

function record(value: unknown): Record<string, unknown> {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
}
