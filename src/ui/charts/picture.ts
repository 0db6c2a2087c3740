import type { ChartSeries } from './chartSource.ts';

/** Properties that a drawing takes from the page and would lose in a file of its own. */
const INLINED = [
  'fill',
  'fill-opacity',
  'stroke',
  'stroke-opacity',
  'stroke-width',
  'stroke-dasharray',
  'font-family',
  'font-size',
  'font-weight',
  'text-anchor',
  'opacity',
] as const;
const HEADER = 52;
const PADDING = 12;

/** A chart as PNG at twice its size: title, names of the lines, and the drawing on the ground that it stands on. */
export async function chartPicture(
  drawing: SVGSVGElement,
  title: string,
  series: readonly ChartSeries[],
): Promise<Blob> {
  const { width, height } = drawing.getBoundingClientRect();
  const page = getComputedStyle(drawing);
  const image = await loadImage(standalone(drawing, width, height));
  const canvas = document.createElement('canvas');
  canvas.width = Math.round(2 * (width + 2 * PADDING));
  canvas.height = Math.round(2 * (height + HEADER + PADDING));
  const context = canvas.getContext('2d');
  if (context === null) throw new Error('This browser gives no canvas to draw on.');
  context.scale(2, 2);
  context.fillStyle = ground(drawing);
  context.fillRect(0, 0, canvas.width, canvas.height);
  context.fillStyle = page.color;
  context.font = `600 14px ${page.fontFamily}`;
  context.fillText(title, PADDING, 22);
  drawNames(context, drawing, series, page);
  context.drawImage(image, PADDING, HEADER, width, height);
  return new Promise((resolve, reject) => {
    canvas.toBlob((blob) => {
      if (blob === null) reject(new Error('The browser could not make a PNG of this chart.'));
      else resolve(blob);
    }, 'image/png');
  });
}

function drawNames(
  context: CanvasRenderingContext2D,
  drawing: SVGSVGElement,
  series: readonly ChartSeries[],
  page: CSSStyleDeclaration,
): void {
  context.font = `12px ${page.fontFamily}`;
  let x = PADDING;
  for (const one of series) {
    context.strokeStyle = resolve(drawing, one.color);
    context.lineWidth = 2.5;
    context.setLineDash(one.dash === undefined ? [] : one.dash.split(/[\s,]+/).map(Number));
    context.beginPath();
    context.moveTo(x, 38);
    context.lineTo(x + 16, 38);
    context.stroke();
    context.fillText(one.label, x + 22, 42);
    x += 22 + context.measureText(one.label).width + 18;
  }
}

/** The drawing as an SVG file that needs no style sheet. */
function standalone(drawing: SVGSVGElement, width: number, height: number): string {
  const copy = drawing.cloneNode(true) as SVGSVGElement;
  const originals = [drawing, ...drawing.querySelectorAll('*')];
  const copies = [copy, ...copy.querySelectorAll('*')];
  originals.forEach((original, i) => {
    const style = getComputedStyle(original);
    const target = copies[i];
    for (const name of INLINED) target?.setAttribute(name, style.getPropertyValue(name));
    target?.removeAttribute('style');
    target?.removeAttribute('class');
  });
  copy.setAttribute('xmlns', 'http://www.w3.org/2000/svg');
  copy.setAttribute('width', String(width));
  copy.setAttribute('height', String(height));
  return new XMLSerializer().serializeToString(copy);
}

async function loadImage(svg: string): Promise<HTMLImageElement> {
  const image = new Image();
  image.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(svg)}`;
  await image.decode();
  return image;
}

/** The first colour behind an element that is not transparent. */
function ground(element: Element): string {
  for (let at: Element | null = element; at !== null; at = at.parentElement) {
    const color = getComputedStyle(at).backgroundColor;
    if (color !== 'transparent' && !/^rgba\(.*,\s*0\)$/.test(color)) return color;
  }
  return '#ffffff';
}

/** A CSS colour with its variables filled in. */
function resolve(near: Element, color: string): string {
  const name = /^var\((--[\w-]+)\)$/.exec(color)?.[1];
  return name === undefined ? color : getComputedStyle(near).getPropertyValue(name).trim();
}
