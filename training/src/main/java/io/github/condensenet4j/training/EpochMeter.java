package io.github.condensenet4j.training;

import io.github.condensenet4j.core.json.JsonValue;
import java.util.LinkedHashMap;
import java.util.Map;

/** Adds up what the steps of an epoch bring; part of a checkpoint, so that none is forgotten. */
final class EpochMeter {

  private double lossSum;
  private long steps;
  private double seconds;
  private double waitingSeconds;

  void add(double loss, double stepSeconds, double waited) {
    lossSum += loss;
    steps++;
    seconds += stepSeconds;
    waitingSeconds += waited;
  }

  void clear() {
    lossSum = 0;
    steps = 0;
    seconds = 0;
    waitingSeconds = 0;
  }

  /** Returns the mean loss of the steps, which all have equally many images. */
  double meanLoss() {
    return lossSum / steps;
  }

  long steps() {
    return steps;
  }

  double seconds() {
    return seconds;
  }

  double waitingSeconds() {
    return waitingSeconds;
  }

  Map<String, Object> toJson() {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("lossSum", lossSum);
    json.put("steps", steps);
    json.put("seconds", seconds);
    json.put("waitingSeconds", waitingSeconds);
    return json;
  }

  static EpochMeter fromJson(JsonValue json) {
    EpochMeter meter = new EpochMeter();
    meter.lossSum = json.get("lossSum").number();
    meter.steps = json.get("steps").longInteger();
    meter.seconds = json.get("seconds").number();
    meter.waitingSeconds = json.get("waitingSeconds").number();
    return meter;
  }
}
