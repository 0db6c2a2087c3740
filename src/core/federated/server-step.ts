/** What the server does with the update that a round comes to. */

/**
 * global += rate x delta, in place.
 * @param rate of the server; 1 takes the rule’s update as it is
 */
export function takeStep(global: Float32Array, delta: Float32Array, rate: number): void {
  for (let at = 0; at < global.length; at++) global[at] = (global[at] ?? 0) + rate * (delta[at] ?? 0);
}

/**
 * The server’s rate of Backdoors 101, where the global weights take `fl_eta / fl_total_participants` times the sum of the
 * updates: the same as so many times their mean.
 * @param clients whose updates are in the round
 */
export function serverRate(eta: number, clients: number, totalParticipants: number): number {
  return (eta * clients) / totalParticipants;
}

/**
 * What one client multiplies its update by so that the round ends at that client’s weights, as long as the others’
 * updates are near zero. Source: Bagdasaryan et al., How To Backdoor Federated Learning, AISTATS 2020, equation 3 (n / η
 * for the share of a client in the mean and the server’s rate).
 * @param colluding clients that send the same scaled update
 */
export function replacementScale(rate: number, clients: number, colluding = 1): number {
  return clients / (rate * colluding);
}
