/** Numbers as people read them. Separators are English, so that pictures and tests look the same everywhere. */
import { grouped } from '../core/formats/bytes.ts';

/** `1,234,567`. */
export function formatCount(value: number): string {
  return grouped(Math.round(value));
}

/** Bytes in decimal units, as browsers show downloads: `34 MB`, `1.2 GB`. */
export function formatBytes(bytes: number): string {
  const units = ['B', 'kB', 'MB', 'GB', 'TB'];
  let value = Math.max(0, bytes);
  let unit = 0;
  while (value >= 999.5 && unit < units.length - 1) {
    value /= 1000;
    unit += 1;
  }
  const digits = unit === 0 || value >= 9.95 ? 0 : 1;
  return `${value.toFixed(digits)} ${units[unit] ?? ''}`;
}

/** A duration: `0:41`, `12:05`, `1:02:03`. */
export function formatDuration(seconds: number): string {
  const whole = Math.max(0, Math.round(seconds));
  const hours = Math.floor(whole / 3600);
  const minutes = Math.floor((whole % 3600) / 60);
  const rest = String(whole % 60).padStart(2, '0');
  return hours > 0 ? `${hours}:${String(minutes).padStart(2, '0')}:${rest}` : `${minutes}:${rest}`;
}

/** Milliseconds with two significant digits below 100: `3.4 ms`, `21 ms`, `165 ms`, `6.4 s`. */
export function formatMilliseconds(milliseconds: number): string {
  if (milliseconds >= 995) return `${(milliseconds / 1000).toFixed(1)} s`;
  return `${milliseconds.toFixed(milliseconds < 9.95 ? 1 : 0)} ms`;
}
