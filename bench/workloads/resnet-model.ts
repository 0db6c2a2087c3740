import { architectures } from '../../src/core/models/architectures.ts';

/** The CIFAR ResNet-18 among the lab's architectures. @throws Error while the lab has none */
export function resnetModel(): string {
  const id = Object.keys(architectures).find((name) => /^resnet_?18/.test(name));
  if (id === undefined) throw new Error('the lab has no ResNet-18 yet');
  return id;
}
