package io.github.condensenet4j.interchange.pytorch;

import io.github.condensenet4j.core.InvalidFileException;
import io.github.condensenet4j.interchange.pytorch.PythonValue.Dictionary;
import io.github.condensenet4j.interchange.pytorch.PythonValue.Instance;
import io.github.condensenet4j.interchange.pytorch.PythonValue.Sequence;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;
import java.util.IdentityHashMap;
import java.util.Iterator;
import java.util.List;

/**
 * Refuses values that contain themselves or are nested too deep, so that whoever walks them may do
 * so by recursion. Looks at each value once, however often it is referred to, and does not recurse.
 */
final class NestingCheck {

  /** A container whose contents are being looked at. */
  private record Open(PythonValue container, Iterator<? extends PythonValue> rest) {}

  private static final int OPEN = -1;

  private NestingCheck() {}

  static void check(PythonValue root, String source) {
    // Height of the finished containers; OPEN for those on the path from the root.
    IdentityHashMap<PythonValue, Integer> heights = new IdentityHashMap<>();
    Deque<Open> path = new ArrayDeque<>();
    enter(root, heights, path);
    while (!path.isEmpty()) {
      Open open = path.peek();
      if (path.size() > PythonValue.MAX_DEPTH) {
        throw tooDeep(source);
      }
      if (!open.rest.hasNext()) {
        path.pop();
        close(open.container, heights, source);
        continue;
      }
      PythonValue next = open.rest.next();
      Integer height = heights.get(next);
      if (height == null) {
        enter(next, heights, path);
      } else if (height == OPEN) {
        throw new InvalidFileException(
            source,
            "holds a value that contains itself; no checkpoint does, the file may be hostile");
      }
    }
  }

  private static void enter(
      PythonValue value, IdentityHashMap<PythonValue, Integer> heights, Deque<Open> path) {
    Collection<? extends PythonValue> contents = contents(value);
    if (!contents.isEmpty()) {
      heights.put(value, OPEN);
      path.push(new Open(value, contents.iterator()));
    }
  }

  private static void close(
      PythonValue container, IdentityHashMap<PythonValue, Integer> heights, String source) {
    int height = 1;
    for (PythonValue content : contents(container)) {
      height = Math.max(height, heights.getOrDefault(content, 0) + 1);
    }
    if (height > PythonValue.MAX_DEPTH) {
      throw tooDeep(source);
    }
    heights.put(container, height);
  }

  private static Collection<? extends PythonValue> contents(PythonValue value) {
    if (value instanceof Sequence sequence) {
      return sequence.items();
    }
    if (value instanceof Dictionary dictionary) {
      return dictionary.entries().values();
    }
    if (value instanceof Instance instance) {
      return instance.attributes().values();
    }
    return List.of();
  }

  private static InvalidFileException tooDeep(String source) {
    return new InvalidFileException(
        source,
        "holds values nested deeper than "
            + PythonValue.MAX_DEPTH
            + " levels; no checkpoint does, the file may be hostile");
  }
}
