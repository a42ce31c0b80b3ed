import Foundation

/// Sine, through double precision: the last bit of a `Float` then agrees between C libraries.
func sine(_ angle: Float) -> Float { Float(sin(Double(angle))) }

/// Cosine, through double precision like ``sine(_:)``.
func cosine(_ angle: Float) -> Float { Float(cos(Double(angle))) }

/// Angle of a vector in radians, 0 to the right, growing clockwise on the screen.
func angle(of v: Point) -> Float { Float(atan2(Double(v.y), Double(v.x))) }

/// Degrees as radians.
func degrees(_ value: Float) -> Float { value * (.pi / 180) }
