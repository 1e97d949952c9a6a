package io.github.condensenet4j.layers.arithmetic;

/** An arithmetic that puts squeeze-and-excitation together from operations on whole matrices. */
interface ImageArithmetic extends Arithmetic {

  @Override
  default Excitation excite(Matrix x, Extent extent, Matrix down, Matrix up, Matrix y) {
    return ComposedExcitation.of(this, x, extent, down, up, y);
  }

  /** {@code y[r, n, p] = x[r, n, p] · factor[r, n]}; {@code y} may be {@code x}. */
  void scaleImages(Matrix x, Extent extent, Matrix factor, Matrix y);

  /** Returns {@code Σ over p of x[r, n, p] · y[r, n, p]}, {@code [rows, images]}. */
  Matrix imageProducts(Matrix x, Matrix y, Extent extent);
}
