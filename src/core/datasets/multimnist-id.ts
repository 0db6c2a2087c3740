/** The id of MultiMNIST, and that of the data set it is made from; by themselves, as the first images wait for them. */
export const MULTIMNIST = 'multimnist';
export const MULTIMNIST_BASE = 'mnist';
