import type { ImageShape } from '../../core/datasets/dataset.ts';
import { greyColor, luminance, parseColor } from '../../core/triggers/color.ts';
import { brushCells, type Cell } from './painter-geometry.ts';
import type { PaintedPixel } from './painter-pixels.ts';

/** Everything that the grid shows. Colours are CSS colours, sizes CSS pixels. */
export interface GridScene {
  shape: ImageShape;
  pixels: readonly PaintedPixel[];
  /** RGBA of an image behind the trigger; null shows chequers. */
  background: Uint8ClampedArray<ArrayBuffer> | null;
  cellSize: number;
  /** The cells under the brush: at the pointer, or at the keyboard's cursor. */
  hover: Cell | null;
  hoverSize: number;
  /** The keyboard's cursor, while the grid has the focus. */
  cursor: Cell | null;
  colors: { light: string; dark: string; line: string; outline: string; cursor: string };
}

/** Over mid grey, so that neither the black nor the white of a trigger is lost in the image. */
const BACKGROUND_OPACITY = 0.7;
/** Below this size of a cell, lines would hide the picture. */
const MIN_LINED_CELL = 5;

/** Draws the scene onto a canvas at the resolution of the screen. */
export function drawGrid(canvas: HTMLCanvasElement, scene: GridScene, pixelRatio: number): void {
  const { shape, cellSize } = scene;
  const width = shape.width * cellSize;
  const height = shape.height * cellSize;
  canvas.width = Math.round(width * pixelRatio);
  canvas.height = Math.round(height * pixelRatio);
  const context = canvas.getContext('2d');
  if (context === null) return;
  context.setTransform(canvas.width / width, 0, 0, canvas.height / height, 0, 0);
  context.imageSmoothingEnabled = false;

  if (scene.background === null) {
    drawChequers(context, scene);
  } else {
    context.fillStyle = '#808080';
    context.fillRect(0, 0, width, height);
    context.globalAlpha = BACKGROUND_OPACITY;
    context.drawImage(pictureOf(scene.background, shape), 0, 0, width, height);
    context.globalAlpha = 1;
  }
  context.drawImage(pictureOf(triggerRgba(scene.pixels, shape), shape), 0, 0, width, height);
  if (cellSize >= MIN_LINED_CELL) drawLines(context, scene);
  drawOutline(context, scene);
  if (scene.hover !== null) drawHover(context, scene, scene.hover);
  if (scene.cursor !== null) drawCursor(context, scene, scene.cursor);
}

function drawChequers(context: CanvasRenderingContext2D, { shape, cellSize, colors }: GridScene): void {
  const tile = new OffscreenCanvas(2, 2);
  const paint = tile.getContext('2d');
  if (paint === null) return;
  paint.fillStyle = colors.light;
  paint.fillRect(0, 0, 2, 2);
  paint.fillStyle = colors.dark;
  paint.fillRect(0, 0, 1, 1);
  paint.fillRect(1, 1, 1, 1);
  const chequers = context.createPattern(tile, 'repeat');
  if (chequers === null) return;
  chequers.setTransform(new DOMMatrix().scale(cellSize));
  context.fillStyle = chequers;
  context.fillRect(0, 0, shape.width * cellSize, shape.height * cellSize);
}

/** The trigger as RGBA, in grey where the images are grey, as the compiled trigger will be. */
function triggerRgba(pixels: readonly PaintedPixel[], shape: ImageShape): Uint8ClampedArray<ArrayBuffer> {
  const rgba = new Uint8ClampedArray(shape.height * shape.width * 4);
  for (const [row, column, color, opacity] of pixels) {
    if (row >= shape.height || column >= shape.width) continue;
    const rgb = parseColor(color);
    const shown = shape.channels === 1 ? parseColor(greyColor(luminance(rgb))) : rgb;
    rgba.set([...shown.map((value) => value * 255), opacity * 255], (row * shape.width + column) * 4);
  }
  return rgba;
}

function pictureOf(rgba: Uint8ClampedArray<ArrayBuffer>, shape: ImageShape): OffscreenCanvas {
  const picture = new OffscreenCanvas(shape.width, shape.height);
  picture.getContext('2d')?.putImageData(new ImageData(rgba, shape.width, shape.height), 0, 0);
  return picture;
}

function drawLines(context: CanvasRenderingContext2D, { shape, cellSize, colors }: GridScene): void {
  context.beginPath();
  for (let column = 1; column < shape.width; column++) {
    context.moveTo(column * cellSize, 0);
    context.lineTo(column * cellSize, shape.height * cellSize);
  }
  for (let row = 1; row < shape.height; row++) {
    context.moveTo(0, row * cellSize);
    context.lineTo(shape.width * cellSize, row * cellSize);
  }
  context.strokeStyle = colors.line;
  context.lineWidth = 0.5;
  context.stroke();
}

/** Runs around the painted cells, so that black on black and white on white show. */
function drawOutline(context: CanvasRenderingContext2D, { pixels, cellSize, colors }: GridScene): void {
  const painted = new Set(pixels.map(([row, column]) => `${row},${column}`));
  context.beginPath();
  for (const [row, column] of pixels) {
    const [top, left] = [row * cellSize, column * cellSize];
    const edge = (r: number, c: number, x0: number, y0: number, x1: number, y1: number): void => {
      if (painted.has(`${row + r},${column + c}`)) return;
      context.moveTo(left + x0 * cellSize, top + y0 * cellSize);
      context.lineTo(left + x1 * cellSize, top + y1 * cellSize);
    };
    edge(-1, 0, 0, 0, 1, 0);
    edge(1, 0, 0, 1, 1, 1);
    edge(0, -1, 0, 0, 0, 1);
    edge(0, 1, 1, 0, 1, 1);
  }
  context.strokeStyle = colors.outline;
  context.lineWidth = cellSize >= 8 ? 2 : 1;
  context.lineCap = 'square';
  context.stroke();
}

function drawHover(context: CanvasRenderingContext2D, scene: GridScene, hover: Cell): void {
  const first = brushCells(hover, scene.hoverSize)[0] ?? hover;
  const side = scene.hoverSize * scene.cellSize;
  strokeTwice(context, first.column * scene.cellSize, first.row * scene.cellSize, side, 1);
}

function drawCursor(context: CanvasRenderingContext2D, scene: GridScene, cursor: Cell): void {
  const { cellSize, colors } = scene;
  const [x, y] = [cursor.column * cellSize, cursor.row * cellSize];
  strokeTwice(context, x - 1, y - 1, cellSize + 2, 4);
  context.strokeStyle = colors.cursor;
  context.lineWidth = 2;
  context.strokeRect(x - 1, y - 1, cellSize + 2, cellSize + 2);
}

/** A dark and a light square, one inside the other: visible on any colour. */
function strokeTwice(
  context: CanvasRenderingContext2D,
  x: number,
  y: number,
  side: number,
  lineWidth: number,
): void {
  context.lineWidth = lineWidth;
  context.strokeStyle = '#000000';
  context.strokeRect(x - 0.5, y - 0.5, side + 1, side + 1);
  context.strokeStyle = '#ffffff';
  context.strokeRect(x + 0.5, y + 0.5, side - 1, side - 1);
}
