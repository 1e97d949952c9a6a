package io.github.condensenet4j.layers.unit;

import io.github.condensenet4j.layers.arithmetic.Extent;
import io.github.condensenet4j.layers.arithmetic.Matrix;
import java.util.List;
import java.util.Map;
import org.deeplearning4j.nn.weights.IWeightInit;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * A part of a network that is computed as a whole: its parameters, its function and its gradients.
 *
 * <p>The layers of this module are one unit each; a dense block is a unit made of units. A unit
 * keeps what its backward pass needs between {@link #forward} and {@link #backward}, so each
 * runtime layer has its own.
 */
public abstract class Unit {

  /** Returns the parameters, in the order of the official code. */
  public abstract List<Parameter> parameters();

  /**
   * Fills new parameters as the official code does, weights as {@code chosen} says where it does.
   */
  public abstract void initialize(
      Map<String, INDArray> parameters, Map<String, IWeightInit> chosen);

  /** Writes the inference function of {@code input} {@code [N, C, H, W]} down. */
  public abstract SDVariable define(Definition definition, SDVariable input);

  /** Returns the extent of the output when {@code input} is that of the input. */
  public Extent output(Extent input) {
    return input;
  }

  /** Tells whether features of one pixel leave the unit as {@code [N, C]}. */
  public boolean flattens() {
    return false;
  }

  /** Returns the channels that enter the unit. */
  public abstract int inChannels();

  /** Returns the channels that leave the unit. */
  public abstract int outChannels();

  /**
   * Returns where {@link #forward} takes its input from without copying it: a matrix with undefined
   * content.
   */
  public Matrix place(Pass pass, Extent extent) {
    return pass.arithmetic().allocate(inChannels(), extent);
  }

  /** Tells what {@link #backward} needs of the matrices of {@link #forward}. */
  public Kept kept() {
    return Kept.ALL;
  }

  /**
   * Gives the unit its output of the last {@link #forward} again, if it {@linkplain #kept keeps}
   * all but that; or, as a part of a unit that does, its input.
   *
   * @param again the same numbers in other memory
   */
  public void recall(Pass pass, Matrix again) {
    throw new IllegalStateException(getClass() + " keeps its input");
  }

  /** Returns the features that the unit makes of {@code input}. */
  public abstract Matrix forward(Pass pass, Matrix input, Extent extent);

  /** Tells whether {@link #backward} takes null for {@code dx}, if nobody needs that gradient. */
  public boolean canOmitInputGradient() {
    return false;
  }

  /**
   * Returns where {@link #backward} leaves the gradient for the input without copying it.
   *
   * @param dy gradient for the output
   */
  public Matrix placeGradient(Pass pass, Matrix dy, Extent extent) {
    return pass.arithmetic().allocate(inChannels(), extent);
  }

  /**
   * Tells whether the {@code dy} of {@link #backward} may be the output of the last {@link
   * #forward}, overwritten.
   */
  public boolean remakesOutput(Pass pass) {
    return false;
  }

  /**
   * Computes the gradient for the input of the last {@link #forward}, given that for its output,
   * into {@code dx}, or adds it to it; leaves the gradients of the parameters with {@code pass}.
   *
   * @param dy gradient for the output; may be overwritten
   */
  public abstract void backward(Pass pass, Matrix dy, Matrix dx, boolean accumulate);

  /** Returns the weights of this unit whose connections are learned, in the official order. */
  public List<LearnedWeight> learnedWeights() {
    return List.of();
  }
}
