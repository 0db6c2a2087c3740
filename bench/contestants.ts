/** Who takes part: the lab on the backends that were asked for, and its peers. */
import type { BenchBackend, KernelVariant, Where } from './protocol.ts';

/** What `--backend` takes: the engine's names, and the two builds of its wasm kernels. */
export const BACKEND_CHOICES = ['wasm', 'wasm-relaxed', 'wasm-simd', 'webgpu', 'cpu'] as const;
export type BackendChoice = (typeof BACKEND_CHOICES)[number];

export const PEERS = ['pytorch', 'tfjs-wasm', 'tfjs-webgl', 'tfjs-webgpu', 'tfjs-cpu'] as const;
export type PeerName = (typeof PEERS)[number];

export const PLACES = ['node', 'chromium'] as const satisfies readonly Where[];

export interface LabContestant {
  role: 'lab';
  where: Where;
  backend: Exclude<BenchBackend, 'webgl'>;
  variant: KernelVariant | null;
  /** As many as it may take. */
  threads: number;
}

export interface PeerContestant {
  role: 'peer';
  peer: PeerName;
  /** Null for PyTorch, which stands beside both. */
  where: Where | null;
  backend: BenchBackend | null;
}

export type Contestant = LabContestant | PeerContestant;

export function labContestant(choice: BackendChoice, where: Where, threads: number): LabContestant {
  switch (choice) {
    case 'wasm':
    case 'webgpu':
    case 'cpu':
      return { role: 'lab', where, threads, backend: choice, variant: null };
    case 'wasm-relaxed':
      return { role: 'lab', where, threads, backend: 'wasm', variant: 'relaxed' };
    case 'wasm-simd':
      return { role: 'lab', where, threads, backend: 'wasm', variant: 'simd' };
  }
}

/** The peers in the places where they can be: webgl needs a page. */
export function peerContestants(peers: readonly PeerName[], places: readonly Where[]): PeerContestant[] {
  return peers.flatMap((peer): PeerContestant[] => {
    if (peer === 'pytorch') return [{ role: 'peer', peer, where: null, backend: null }];
    const backend = peer.slice('tfjs-'.length) as BenchBackend;
    return places
      .filter((where) => where === 'chromium' || backend !== 'webgl')
      .map((where) => ({ role: 'peer', peer, where, backend }));
  });
}

/** For people: `lab wasm in chromium`. */
export function nameOf(contestant: Contestant): string {
  if (contestant.role === 'peer')
    return contestant.where === null ? contestant.peer : `${contestant.peer} in ${contestant.where}`;
  const variant = contestant.variant === null ? '' : `-${contestant.variant}`;
  return `lab ${contestant.backend}${variant} in ${contestant.where}${contestant.threads === 1 ? ' on one thread' : ''}`;
}

/** Whether a peer stands beside a contestant of the lab. */
export function beside(lab: LabContestant, peer: PeerContestant): boolean {
  return peer.where === null || peer.where === lab.where;
}
