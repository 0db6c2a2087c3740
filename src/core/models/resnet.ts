/**
 * Residual networks: a stem, stages of residual blocks, the mean over the plane, one dense layer. Each stage after the
 * first halves the image. Where a block changes the shape, its shortcut is a 1x1 convolution with batch-norm (option B of
 * the paper, section 3.3); elsewhere the shortcut is the input itself.
 * For small images the stem is one convolution, and names are those of Backdoors 101 (models/resnet_cifar.py), and so of
 * the PyTorch code that most CIFAR weights come from. For photos, stem and names are torchvision's.
 */
import type { Paper } from '../paper.ts';
import type { ArchitectureDefinition, Layer } from './layers.ts';

const PAPER: Paper = {
  title: 'Deep residual learning for image recognition',
  authors: 'He, Zhang, Ren, Sun',
  year: 2016,
  url: 'https://doi.org/10.1109/CVPR.2016.90',
};

/** PyTorch's defaults. */
const BATCH_NORM = { epsilon: 1e-5, momentum: 0.1 };

/** A normalisation of so many channels. */
type Norm = (name: string, channels: number) => Layer;

const batchNorm: Norm = (name) => ({ kind: 'batch_norm', name, ...BATCH_NORM });

/** What Opacus puts in the place of batch-norm (`ModuleValidator.fix`), under the same names. */
const groupNorm: Norm = (name, channels) => ({
  kind: 'group_norm',
  name,
  groups: Math.min(32, channels),
  epsilon: 1e-5,
});

/** What the two families do not share. */
interface Family {
  /** The last dense layer. */
  head: string;
  /** The layers of a projecting shortcut are called `NAME.0` and `NAME.1`. */
  shortcut: string;
  start: 'default' | 'fan_out';
  norm: Norm;
  stem(filters: number, norm: Norm): Layer[];
  /** Side of the images that the networks were made for. */
  side(channels: number): number;
}

const SMALL_IMAGES: Family = {
  head: 'linear',
  shortcut: 'shortcut',
  start: 'default',
  norm: batchNorm,
  stem: (filters, norm) => [
    convolution('conv1', filters, 3, 1, 'default'),
    norm('bn1', filters),
    { kind: 'relu' },
  ],
  side: (channels) => (channels === 1 ? 28 : 32),
};

/** The same, of which each example is computed by itself, for private training. */
const SMALL_IMAGES_BY_GROUP: Family = { ...SMALL_IMAGES, norm: groupNorm };

/** torchvision.models.resnet. */
const PHOTOS: Family = {
  head: 'fc',
  shortcut: 'downsample',
  start: 'fan_out',
  norm: batchNorm,
  stem: (filters, norm) => [
    convolution('conv1', filters, 7, 2, 'fan_out'),
    norm('bn1', filters),
    { kind: 'relu' },
    { kind: 'max_pool', size: 3, stride: 2, padding: 1 },
  ],
  side: () => 224,
};

function convolution(
  name: string,
  filters: number,
  kernel: number,
  stride: number,
  start: Family['start'],
): Layer {
  const padding = kernel === 1 ? 'valid' : (kernel - 1) / 2;
  const shape = { filters, kernel, stride, padding } as const;
  return { kind: 'conv', name, ...shape, bias: false, ...(start === 'fan_out' && { start }) };
}

/** Two 3x3 convolutions beside a shortcut, then ReLU. */
function block(
  { start, shortcut, norm }: Family,
  name: string,
  from: number,
  filters: number,
  stride: number,
): Layer[] {
  const changes = stride !== 1 || from !== filters;
  const projection = `${name}.${shortcut}`;
  return [
    {
      kind: 'residual',
      body: [
        convolution(`${name}.conv1`, filters, 3, stride, start),
        norm(`${name}.bn1`, filters),
        { kind: 'relu' },
        convolution(`${name}.conv2`, filters, 3, 1, start),
        norm(`${name}.bn2`, filters),
      ],
      shortcut: changes
        ? [convolution(`${projection}.0`, filters, 1, stride, start), norm(`${projection}.1`, filters)]
        : [],
    },
    { kind: 'relu' },
  ];
}

/**
 * @param widths channels of each stage; the stem has as many as the first
 * @param blocks residual blocks in each stage
 */
function resnet(
  id: string,
  title: string,
  widths: readonly number[],
  blocks: number,
  family = SMALL_IMAGES,
): ArchitectureDefinition {
  return {
    id,
    title,
    paper: PAPER,
    input: 'images',
    layers: (_shape, classes) => {
      let channels = widths[0] ?? 0;
      const layers = family.stem(channels, family.norm);
      for (const [stage, filters] of widths.entries()) {
        for (let index = 0; index < blocks; index++) {
          const stride = stage > 0 && index === 0 ? 2 : 1;
          layers.push(...block(family, `layer${stage + 1}.${index}`, channels, filters, stride));
          channels = filters;
        }
      }
      layers.push({ kind: 'global_average_pool' }, { kind: 'dense', name: family.head, units: classes });
      return layers;
    },
    infer: (shapes) => {
      const channels = shapes.get('conv1.weight')?.[1];
      const classes = shapes.get(`${family.head}.weight`)?.[0];
      if (channels === undefined || classes === undefined) return null;
      const side = family.side(channels);
      return { inputShape: [side, side, channels], classes };
    },
  };
}

/** ResNet-18 as Backdoors 101 has it for CIFAR: 11,173,962 parameters for 3 channels and 10 classes. */
export const resnet18 = resnet('resnet18', 'ResNet-18', [64, 128, 256, 512], 2);

/** ResNet-20 of the paper's section 4.2, with option B where the paper's CIFAR networks have option A: 272,474. */
export const resnet20 = resnet('resnet20', 'ResNet-20', [16, 32, 64], 3);

/** The smallest of the same family, one block a stage (6n + 2 layers, n = 1), for machines without a GPU: 78,042. */
export const resnet8 = resnet('resnet8', 'ResNet-8', [16, 32, 64], 1);

/** ResNet-8 and ResNet-20 with group-norm in the place of batch-norm: as many parameters, under the same names. */
export const resnet8Groups = resnet(
  'resnet8_gn',
  'ResNet-8 with group-norm',
  [16, 32, 64],
  1,
  SMALL_IMAGES_BY_GROUP,
);
export const resnet20Groups = resnet(
  'resnet20_gn',
  'ResNet-20 with group-norm',
  [16, 32, 64],
  3,
  SMALL_IMAGES_BY_GROUP,
);

/** ResNet-18 as torchvision has it for photos of 224 pixels: 11,689,512 parameters for 3 channels and 1000 classes. */
export const resnet18Photos = resnet('resnet18_224', 'ResNet-18 for 224 px', [64, 128, 256, 512], 2, PHOTOS);
