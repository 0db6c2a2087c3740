/** A flat picture seen at an angle. */

export type Point = readonly [x: number, y: number];
export type Quad = readonly [Point, Point, Point, Point];

/** 3x3, row by row. */
type Matrix = readonly [number, number, number, number, number, number, number, number, number];

/**
 * The map that takes a point of the plane back into the unit square which a quadrilateral shows, corners in the order
 * top left, top right, bottom right, bottom left. Source: Heckbert, Fundamentals of Texture Mapping and Image Warping,
 * 1989, section 2.2.3.
 * @returns null for a quadrilateral without area; the map gives null for points behind the horizon
 */
export function intoUnitSquare(quad: Quad): ((x: number, y: number) => Point | null) | null {
  const inverse = adjugate(squareToQuad(quad));
  const determinant = inverse.every(Number.isFinite) && area(quad) > 1e-9;
  if (!determinant) return null;
  const [a, b, c, d, e, f, g, h, i] = inverse;
  // The adjugate is the inverse but for a factor, whose sign the centre of the quadrilateral tells.
  const centre = quad.reduce<[number, number]>(([x, y], [px, py]) => [x + px / 4, y + py / 4], [0, 0]);
  const sign = Math.sign(g * centre[0] + h * centre[1] + i);
  return (x, y) => {
    const w = g * x + h * y + i;
    return w * sign > 0 ? [(a * x + b * y + c) / w, (d * x + e * y + f) / w] : null;
  };
}

function squareToQuad([[x0, y0], [x1, y1], [x2, y2], [x3, y3]]: Quad): Matrix {
  const [sx, sy] = [x0 - x1 + x2 - x3, y0 - y1 + y2 - y3];
  const [dx1, dx2] = [x1 - x2, x3 - x2];
  const [dy1, dy2] = [y1 - y2, y3 - y2];
  const determinant = dx1 * dy2 - dx2 * dy1;
  const g = (sx * dy2 - dx2 * sy) / determinant;
  const h = (dx1 * sy - sx * dy1) / determinant;
  return [x1 - x0 + g * x1, x3 - x0 + h * x3, x0, y1 - y0 + g * y1, y3 - y0 + h * y3, y0, g, h, 1];
}

function adjugate([a, b, c, d, e, f, g, h, i]: Matrix): Matrix {
  return [
    e * i - f * h,
    c * h - b * i,
    b * f - c * e,
    f * g - d * i,
    a * i - c * g,
    c * d - a * f,
    d * h - e * g,
    b * g - a * h,
    a * e - b * d,
  ];
}

/** By the shoelace formula. */
function area(quad: Quad): number {
  const twice = quad.reduce((sum, [x, y], at) => {
    const [nextX, nextY] = quad[(at + 1) % 4] ?? [0, 0];
    return sum + x * nextY - nextX * y;
  }, 0);
  return Math.abs(twice) / 2;
}
