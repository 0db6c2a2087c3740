/** How far the grid zooms in; 1 shows the whole image. */
export const MAX_ZOOM = 8;

/** A zoom within its limits; close to 1 it becomes 1, so that the whole image shows again. */
export function limitZoom(zoom: number): number {
  if (zoom < 1.05) return 1;
  return Math.min(MAX_ZOOM, zoom);
}
