import PluginAPI

extension Palette {
  /// The 35 ids of Cityscapes in its colours; ids that it paints alike differ in shades.
  static let cityscapes = Palette(
    lines: """
      000000 unlabeled
      141414 ego vehicle
      1E1E1E rectification border
      282828 out of roi
      323232 static
      6F4A00 dynamic
      510051 ground
      804080 road
      F423E8 sidewalk
      FAAAA0 parking
      E6968C rail track
      464646 building
      66669C wall
      BE9999 fence
      B4A5B4 guard rail
      966464 bridge
      96785A tunnel
      999999 pole
      8F8F8F polegroup
      FAAA1E traffic light
      DCDC00 traffic sign
      6B8E23 vegetation
      98FB98 terrain
      4682B4 sky
      DC143C person
      FF0000 rider
      00008E car
      000046 truck
      003C64 bus
      00005A caravan
      00006E trailer
      005064 train
      0000E6 motorcycle
      770B20 bicycle
      0000AE license plate
      """)

  /// The 19 of them that are trained on, and all others last.
  static let cityscapesTraining = Palette(
    Cityscapes.trainedOn.map { (cityscapes.names[$0], cityscapes.colors[$0]) }
      + [("other", .black)])
}
