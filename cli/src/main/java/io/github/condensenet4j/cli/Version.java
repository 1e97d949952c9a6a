package io.github.condensenet4j.cli;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Properties;
import picocli.CommandLine.IVersionProvider;

/** The version that the build wrote into the jar. */
final class Version implements IVersionProvider {

  /** Returns the version of this build, for instance {@code 0.1.0}. */
  static String number() {
    Properties properties = new Properties();
    try (InputStream file = Version.class.getResourceAsStream("/version.properties")) {
      properties.load(file);
    } catch (IOException e) {
      throw new UncheckedIOException("version.properties of the jar cannot be read", e);
    }
    return properties.getProperty("version");
  }

  /** Returns the versions of everything that has a part in what weights come out, by name. */
  static Map<String, String> all() {
    Map<String, String> versions = new LinkedHashMap<>();
    versions.put("condensenet4j", number());
    versions.put("nd4j", Backend.version());
    versions.put("java", Runtime.version().toString());
    return versions;
  }

  @Override
  public String[] getVersion() {
    return new String[] {"condensenet4j " + number() + " (Java " + Runtime.version() + ")"};
  }
}
