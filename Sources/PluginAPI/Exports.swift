@_exported import Layers
@_exported import Images
