extension Port {
  /// A list of attributes by number, as a caption's words.
  public static func attributeList(
    _ name: String, vocabulary: Int? = nil, maxLength: Int? = nil
  ) -> Port {
    Port(name, .attributeList, attributes: ["vocabulary": vocabulary, "maxLength": maxLength])
  }

  /// `count` attributes, each present or not.
  public static func attributes(_ name: String, count: Int? = nil) -> Port {
    Port(name, .attributes, attributes: ["count": count])
  }

  /// A class of the whole image.
  public static func classLabel(_ name: String, classes: Int? = nil) -> Port {
    Port(name, .classLabel, attributes: ["classes": classes])
  }

  /// `count` key points.
  public static func keypoints(_ name: String, count: Int? = nil, role: Role? = nil) -> Port {
    Port(name, .keypoints, attributes: ["count": count], role: role)
  }

  /// One affine map a part.
  public static func partTransforms(_ name: String, parts: Int? = nil, role: Role? = nil) -> Port {
    Port(name, .partTransforms, attributes: ["parts": parts], role: role)
  }

  /// At most `max` boxes.
  public static func boxes(_ name: String, max: Int? = nil) -> Port {
    Port(name, .boxes, attributes: ["max": max])
  }

  /// At most `max` instances with masks and classes.
  public static func instances(
    _ name: String, max: Int? = nil, classes: Int? = nil, side: Int? = nil
  ) -> Port {
    Port(
      name, .instances,
      attributes: ["max": max, "classes": classes, "height": side, "width": side])
  }
}
