// Package uitest steps the console's models by hand and looks at what they
// draw: a [Driver] without goroutines or sleeps, goldens of flattened cells,
// pictures of them, a check of the bytes a terminal gets, and a [Terminal]
// around the real binary.
//
// Frames are cells, never raw output: what a test compares is what a person
// would see.
package uitest
