import type { Page } from '@playwright/test';

/** Notes every track of a camera that the page is given. Call before the page is opened. */
export async function watchCamera(page: Page): Promise<void> {
  await page.addInitScript(() => {
    const tracks: MediaStreamTrack[] = [];
    Object.assign(globalThis, { labTracks: tracks });
    const devices = navigator.mediaDevices as MediaDevices | undefined;
    if (!devices) return;
    const ask = devices.getUserMedia.bind(devices);
    devices.getUserMedia = async (wish) => {
      const stream = await ask(wish);
      tracks.push(...stream.getTracks());
      return stream;
    };
  });
}

/** Whether each track that the page was ever given is on, in their order. */
export function tracksOn(page: Page): Promise<boolean[]> {
  return page.evaluate(() => {
    const { labTracks } = globalThis as unknown as { labTracks: MediaStreamTrack[] };
    return labTracks.map(({ readyState }) => readyState === 'live');
  });
}
