package io.github.condensenet4j.layers;

import io.github.condensenet4j.layers.unit.ChannelOrder;
import io.github.condensenet4j.layers.unit.Shuffle;
import io.github.condensenet4j.layers.unit.Unit;
import java.util.Map;

/**
 * Channel shuffle, {@code [N, nIn, H, W]} to the same; {@code nIn} is a multiple of the groups.
 *
 * <p>{@link Direction#SPREAD} moves channel {@code k} of group {@code g} to {@code k · groups + g}
 * (the official {@code ShuffleLayer}), {@link Direction#GATHER} undoes it ({@code
 * ShuffleLayerTrans}).
 */
public final class ChannelShuffle extends CondenseNetLayer {

  private int groups;
  private Direction direction;

  /** For reading JSON. */
  ChannelShuffle() {}

  private ChannelShuffle(Builder builder) {
    super(builder);
    groups = builder.groups;
    direction = builder.direction;
    Shapes.positive("groups", groups);
  }

  /** Returns a builder. */
  public static Builder builder() {
    return new Builder();
  }

  @Override
  protected Unit unit() {
    Shapes.divisible("nIn", inChannels(), groups);
    ChannelOrder order =
        switch (direction) {
          case SPREAD -> ChannelOrder.shuffle(inChannels(), groups);
          case GATHER -> ChannelOrder.unshuffle(inChannels(), groups);
        };
    return new Shuffle(inChannels(), order);
  }

  @Override
  protected Map<String, Object> settings() {
    Map<String, Object> settings = super.settings();
    settings.put("groups", groups);
    settings.put("direction", direction);
    return settings;
  }

  /** Which way channels are shuffled. */
  public enum Direction {
    /** Neighbours of a group are spread over the channels. */
    SPREAD,
    /** Channels that were spread are gathered into groups again. */
    GATHER
  }

  /** Collects the settings of a {@link ChannelShuffle}. */
  @SuppressWarnings("unchecked") // build() overrides a generic method of Deeplearning4j
  public static final class Builder extends LayerBuilder<Builder> {

    private int groups = 1;
    private Direction direction = Direction.SPREAD;

    private Builder() {}

    /** Sets the number of groups; 1 by default. */
    public Builder groups(int groups) {
      this.groups = groups;
      return this;
    }

    /** Sets the direction; to spread groups by default. */
    public Builder direction(Direction direction) {
      this.direction = direction;
      return this;
    }

    @Override
    public ChannelShuffle build() {
      return new ChannelShuffle(this);
    }
  }
}
