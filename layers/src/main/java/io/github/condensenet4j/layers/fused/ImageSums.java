package io.github.condensenet4j.layers.fused;

import io.github.condensenet4j.kernels.training.TrainingKernels;
import io.github.condensenet4j.layers.arithmetic.Squares;

/** Sums and factors of each channel of each image. */
final class ImageSums {

  /** Columns that come from memory at once. */
  private static final int FETCHED = 4096;

  private final TrainingKernels kernels;
  private final Crew crew;

  ImageSums(TrainingKernels kernels, Crew crew) {
    this.kernels = kernels;
    this.crew = crew;
  }

  /** One channel of one image. */
  private interface Plane {
    void run(int row, int image, int column, Crew.Hand hand);
  }

  private void forEachPlane(FeatureMatrix x, Plane action, FeatureMatrix... read) {
    int pixels = x.extent().pixels();
    int images = x.extent().images();
    int fetched = Math.max(1, FETCHED / pixels);
    crew.share(
        x.rows(),
        (from, to, hand) -> {
          for (int row = from; row < to; row++) {
            for (int image = 0; image < images; image++) {
              if (image % fetched == 0) {
                fetch(read, row, image, Math.min(fetched, images - image));
              }
              action.run(row, image, image * pixels, hand);
            }
          }
        });
  }

  private static void fetch(FeatureMatrix[] matrices, int row, int image, int images) {
    for (FeatureMatrix matrix : matrices) {
      FeatureRow channel = matrix.channels()[row];
      int pixels = matrix.extent().pixels();
      CacheLines.fetch(channel.array, channel.at + image * pixels, images * pixels);
    }
  }

  /** Writes the mean over the pixels of each image to {@code means}. */
  void pool(FeatureMatrix x, FeatureMatrix means) {
    int pixels = x.extent().pixels();
    int images = x.extent().images();
    crew.share(
        x.rows(),
        (from, to, hand) -> {
          for (int row = from; row < to; row++) {
            FeatureRow source = x.channels()[row];
            FeatureRow target = means.channels()[row];
            CacheLines.fetch(source.array, source.at, images * pixels);
            kernels.imageSums(source.array, source.at, pixels, images, target.array, target.at);
            for (int i = target.at; i < target.at + images; i++) {
              target.array[i] /= pixels;
            }
          }
        });
    RowOperations.replaced(means);
  }

  /** Writes the means of the squares of each image to {@code means}. */
  void poolSquares(FeatureMatrix x, int size, FeatureMatrix means) {
    Squares squares = Squares.of(x.extent(), size);
    forEachPlane(
        x,
        (row, image, column, hand) -> {
          FeatureRow source = x.channels()[row];
          FeatureRow target = means.channels()[row];
          int from = source.at + column;
          int to = target.at + image * squares.count();
          if (size == 2) {
            kernels.poolPairs(
                source.array, from, squares.width(), squares.height(), target.array, to);
          } else {
            squares.means(source.array, from, target.array, to);
          }
        },
        x);
    RowOperations.replaced(means);
  }

  /** Gives each pixel of {@code x} its share of its square's number in {@code terms}. */
  void spreadOverSquares(FeatureMatrix terms, int size, FeatureMatrix x) {
    Squares squares = Squares.of(x.extent(), size);
    forEachPlane(
        x,
        (row, image, column, hand) -> {
          FeatureRow source = terms.channels()[row];
          FeatureRow target = x.channels()[row];
          int from = source.at + image * squares.count();
          int to = target.at + column;
          if (size == 2) {
            kernels.spreadPairs(
                source.array, from, target.array, to, squares.width(), squares.height());
          } else {
            squares.shares(source.array, from, target.array, to);
          }
        },
        terms);
    RowOperations.replaced(x);
  }

  /** {@code y[r, n, p] = y[r, n, p] + factor · term[r, n]}. */
  void add(FeatureMatrix term, double factor, FeatureMatrix y) {
    int pixels = y.extent().pixels();
    forEachPlane(
        y,
        (row, image, column, hand) -> {
          FeatureRow target = y.channels()[row];
          addTo(target.array, target.at + column, (float) (get(term, row, image) * factor), pixels);
        },
        y);
    RowOperations.changed(y);
  }

  private static void addTo(float[] array, int at, float added, int pixels) {
    for (int i = at; i < at + pixels; i++) {
      array[i] += added;
    }
  }

  private static float get(FeatureMatrix perImage, int row, int image) {
    FeatureRow source = perImage.channels()[row];
    return source.array[source.at + image];
  }
}
