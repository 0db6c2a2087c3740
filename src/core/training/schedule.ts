/**
 * Learning rate of an epoch under cosine annealing to 0 (Loshchilov and Hutter, SGDR, ICLR 2017, equation 5;
 * torch.optim.lr_scheduler.CosineAnnealingLR stepped once an epoch).
 * @param epoch 0 for the first epoch
 * @param epochs length of the annealing, in epochs; above 0
 */
export function cosineLearningRate(base: number, epoch: number, epochs: number): number {
  return (base * (1 + Math.cos((Math.PI * epoch) / epochs))) / 2;
}
