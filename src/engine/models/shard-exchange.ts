/**
 * Tells what this thread's shards of a batch found, and hears of all of them: the seam between layers that need the
 * whole batch and the threads that share it. Every thread of a batch calls it equally often, in the same order.
 * @param own one array for each shard of this thread, in the order of the batch; all of one length
 * @returns one for each shard of the batch, in its order
 */
export type ShardExchange = (own: readonly Float64Array[]) => readonly Float64Array[];

/** Where all shards of a batch are on one thread. */
export const exchangeAlone: ShardExchange = (own) => own;
