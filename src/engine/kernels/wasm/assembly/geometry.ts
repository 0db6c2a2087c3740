/**
 * The shape of a two-dimensional window operation (convolution, pooling) over NHWC images, as the caller writes it into
 * memory: 32-bit integers in this order. Counts of elements, not bytes.
 */
@unmanaged
export class Geometry {
  batch: u32;
  inHeight: u32;
  inWidth: u32;
  inChannels: u32;
  outHeight: u32;
  outWidth: u32;
  outChannels: u32;
  windowHeight: u32;
  windowWidth: u32;
  strideHeight: u32;
  strideWidth: u32;
  dilationHeight: u32;
  dilationWidth: u32;
  padTop: u32;
  padLeft: u32;

  /** Height of the part of the padded image that windows touch. */
  paddedHeight(): u32 {
    return (this.outHeight - 1) * this.strideHeight + (this.windowHeight - 1) * this.dilationHeight + 1;
  }

  paddedWidth(): u32 {
    return (this.outWidth - 1) * this.strideWidth + (this.windowWidth - 1) * this.dilationWidth + 1;
  }

  /** Whether windows reach outside the image, so that it must be copied into a padded one. */
  needsPadding(): bool {
    return this.padTop > 0 || this.padLeft > 0 || this.paddedHeight() > this.inHeight || this.paddedWidth() > this.inWidth;
  }

  /** Height and width of the images that the inner loops see. */
  workHeight(): u32 {
    return this.needsPadding() ? this.paddedHeight() : this.inHeight;
  }

  workWidth(): u32 {
    return this.needsPadding() ? this.paddedWidth() : this.inWidth;
  }

  /** Values of one window that lie one after another in memory: a window row when undilated, else one pixel. */
  runLength(): u32 {
    return this.dilationWidth == 1 ? this.windowWidth * this.inChannels : this.inChannels;
  }

  runCount(): u32 {
    return this.dilationWidth == 1 ? this.windowHeight : this.windowHeight * this.windowWidth;
  }

  /** Values in a window. */
  windowSize(): u32 {
    return this.windowHeight * this.windowWidth * this.inChannels;
  }

  /** Output positions of one image. */
  positions(): u32 {
    return this.outHeight * this.outWidth;
  }

  /** How many images to take together so that the row loop has about `rows` rows to fill its tiles with. */
  groupSize(rows: u32): u32 {
    return min(this.batch, max(1, (rows + this.positions() - 1) / this.positions()));
  }
}
