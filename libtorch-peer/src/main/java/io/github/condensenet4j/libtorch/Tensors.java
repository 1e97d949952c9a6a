package io.github.condensenet4j.libtorch;

import io.github.condensenet4j.core.tensor.ElementType;
import java.util.Arrays;
import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.MemoryFormat;

/** The way of numbers into libtorch and back. */
final class Tensors {

  private static final int IMAGES_OR_FILTERS = 4;

  private Tensors() {}

  /**
   * Copies {@code tensor}.
   *
   * @param channelsLast how images and filters are to lie in memory
   */
  static Tensor of(io.github.condensenet4j.core.tensor.Tensor tensor, boolean channelsLast) {
    return tensor.type() == ElementType.INT64
        ? longs(tensor.toLongs())
        : floats(tensor.toFloats(), channelsLast, tensor.shape());
  }

  static Tensor longs(long... values) {
    return torch.tensor(values);
  }

  static Tensor floats(float[] values, boolean channelsLast, int... shape) {
    long[] sizes = Arrays.stream(shape).asLongStream().toArray();
    try (FloatPointer copy = new FloatPointer(values);
        Tensor view = torch.from_blob(copy, sizes)) {
      boolean reorder = channelsLast && shape.length == IMAGES_OR_FILTERS;
      return view.clone().contiguous(reorder ? MemoryFormat.ChannelsLast : MemoryFormat.Contiguous);
    }
  }

  /** Returns the numbers of {@code tensor} in the order of its dimensions. */
  static float[] floats(Tensor tensor) {
    try (Tensor plain = tensor.detach().contiguous()) {
      float[] values = new float[Math.toIntExact(plain.numel())];
      plain.data_ptr_float().get(values);
      return values;
    }
  }
}
