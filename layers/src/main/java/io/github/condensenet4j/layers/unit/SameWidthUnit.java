package io.github.condensenet4j.layers.unit;

/** A unit that as many channels leave as enter it. */
abstract class SameWidthUnit extends Unit {

  private final int channels;

  SameWidthUnit(int channels) {
    this.channels = channels;
  }

  @Override
  public final int inChannels() {
    return channels;
  }

  @Override
  public final int outChannels() {
    return channels;
  }
}
