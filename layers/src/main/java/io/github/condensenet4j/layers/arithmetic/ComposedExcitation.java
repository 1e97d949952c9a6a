package io.github.condensenet4j.layers.arithmetic;

/**
 * Squeeze-and-excitation put together from other operations: images of one pixel go through two 1×1
 * convolutions.
 */
final class ComposedExcitation implements Excitation {

  private final ImageArithmetic arithmetic;
  private final Matrix x;
  private final Extent extent;
  private final Extent perImage;
  private final Matrix down;
  private final Matrix up;
  private final Matrix pooled;
  private final Matrix squeezed;
  private final Matrix excited;
  private final Matrix gate;

  private ComposedExcitation(
      ImageArithmetic arithmetic, Matrix x, Extent extent, Matrix down, Matrix up) {
    this.arithmetic = arithmetic;
    this.x = x;
    this.extent = extent;
    this.down = down;
    this.up = up;
    perImage = new Extent(extent.images(), 1, 1);
    pooled = arithmetic.pool(x, extent);
    squeezed = arithmetic.allocate(down.rows(), perImage);
    excited = arithmetic.allocate(x.rows(), perImage);
    gate = arithmetic.allocate(x.rows(), perImage);
  }

  /** See {@link Arithmetic#excite}. */
  static ComposedExcitation of(
      ImageArithmetic arithmetic, Matrix x, Extent extent, Matrix down, Matrix up, Matrix y) {
    ComposedExcitation made = new ComposedExcitation(arithmetic, x, extent, down, up);
    made.forward(y);
    return made;
  }

  private void forward(Matrix y) {
    arithmetic.convolve(downShape(), perImage, pooled, null, down, null, squeezed);
    arithmetic.convolve(upShape(), perImage, squeezed, relu(), up, null, excited);
    arithmetic.transform(excited, sigmoid(), gate);
    arithmetic.scaleImages(x, extent, gate, y);
  }

  @Override
  public void backward(Matrix dy, Matrix dDown, Matrix dUp, Matrix dx) {
    int mark = arithmetic.mark();
    Matrix dGate = arithmetic.imageProducts(dy, x, extent);
    arithmetic.transformBackward(excited, sigmoid(), dGate, GradientTarget.of(dGate));
    Matrix dSqueezed = arithmetic.allocate(down.rows(), perImage);
    GradientTarget ofSqueezed = GradientTarget.of(dSqueezed);
    arithmetic.convolveBackward(
        upShape(), perImage, squeezed, relu(), up, dGate, dUp, ofSqueezed, null);
    Matrix dPooled = arithmetic.allocate(x.rows(), perImage);
    GradientTarget ofPooled = GradientTarget.of(dPooled);
    arithmetic.convolveBackward(
        downShape(), perImage, pooled, null, down, dSqueezed, dDown, ofPooled, null);
    arithmetic.scaleImages(dy, extent, gate, dx);
    arithmetic.addToImages(dPooled, 1.0 / extent.pixels(), extent, dx);
    arithmetic.release(mark);
  }

  private ConvolutionShape downShape() {
    return ConvolutionShape.pointwise(x.rows(), down.rows(), 1);
  }

  private ConvolutionShape upShape() {
    return ConvolutionShape.pointwise(down.rows(), x.rows(), 1);
  }

  private Transform relu() {
    return Transform.only(Nonlinearity.RELU, down.rows());
  }

  private Transform sigmoid() {
    return Transform.only(Nonlinearity.SIGMOID, x.rows());
  }
}
