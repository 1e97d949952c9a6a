package io.github.condensenet4j.pipelines;

import io.github.condensenet4j.core.InvalidOptionException;
import io.github.condensenet4j.images.RgbImage;

/**
 * Several versions of each training image in one batch, as AugMix trains (Hendrycks et al., 2020)
 * and timm's {@code --aug-splits} does: the first one <em>clean</em>, cropped and mirrored alone,
 * the others of the same part of the picture and each changed in its own way.
 *
 * <p>The versions of an image follow each other in the batch.
 *
 * @param count versions of an image; 1 for no splits
 * @param change what is done to all but the clean version
 * @param erasesClean whether parts of the clean version are erased as well
 * @param comparesAnswers whether the loss also asks for the same answer to all versions (timm's
 *     {@code JsdCrossEntropy})
 */
public record AugmentationSplits(
    int count, Augmentation change, boolean erasesClean, boolean comparesAnswers) {

  /** One version of each image. */
  public static final AugmentationSplits NONE =
      new AugmentationSplits(1, Augmentation.none(), true, false);

  /**
   * Checks the number.
   *
   * @throws InvalidOptionException if it is below 1, or there is nothing to compare
   */
  public AugmentationSplits {
    if (count < 1) {
      throw new InvalidOptionException("--aug-splits", "0, or 2 or more", count);
    }
    if (comparesAnswers && count < 2) {
      throw new InvalidOptionException(
          "--jsd compares the answers to versions of an image; ask for some with --aug-splits 3");
    }
  }

  /** Returns what makes version {@code split} of an image, after {@code common}. */
  Augmentation version(Augmentation common, int split) {
    return split == 0 ? common : new Version(common, change, split);
  }

  /** Returns what it does in a few words, the same in every process. */
  public String description() {
    return count == 1
        ? "none"
        : "%d versions, %s, clean one %serased, answers %scompared"
            .formatted(
                count,
                change.description(),
                erasesClean ? "" : "not ",
                comparesAnswers ? "" : "not ");
  }

  /** A version that is not clean: drawn from one stream up to where versions part. */
  private record Version(Augmentation common, Augmentation change, int split)
      implements Augmentation {

    @Override
    public RgbImage apply(RgbImage image, RandomStream random) {
      return changed(common.apply(image, random), random);
    }

    @Override
    public RgbImage apply(EncodedPicture picture, RandomStream random) {
      return changed(common.apply(picture, random), random);
    }

    private RgbImage changed(RgbImage shared, RandomStream random) {
      return change == Augmentation.none() ? shared : change.apply(shared, random.branch(split));
    }
  }
}
