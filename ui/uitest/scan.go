package uitest

import (
	"fmt"
	"image"
	"image/color"

	uv "github.com/charmbracelet/ultraviolet"
	"github.com/makiuchi-d/gozxing"
	"github.com/makiuchi-d/gozxing/qrcode"
)

// scanScale is how many pixels a module has, across and down.
const scanScale = 4

// ScanQR reads the QR code that a camera would see in the frame, on a terminal
// of this paper. It is an error where there is none that can be read. A code that
// is white on black can't: not every app reads those. The reader misjudges how
// large one code in a hundred or so is, where apps don't: a frame that shows
// nothing else is then read module by module.
func (f Frame) ScanQR(paper Paper) (string, error) {
	seen, err := gozxing.NewBinaryBitmapFromImage(f.seenBy(paper))
	if err != nil {
		return "", fmt.Errorf("look at the frame: %w", err)
	}
	for _, way := range []gozxing.DecodeHintType{gozxing.DecodeHintType_TRY_HARDER, gozxing.DecodeHintType_PURE_BARCODE} {
		var read *gozxing.Result
		read, err = qrcode.NewQRCodeReader().Decode(seen, map[gozxing.DecodeHintType]any{way: true})
		if err == nil {
			return read.GetText(), nil
		}
	}
	return "", fmt.Errorf("read the QR code: %w", err)
}

// seenBy is the frame as a picture in which a cell is twice as high as wide.
// Block letters are drawn as they are, others as a line of ink.
func (f Frame) seenBy(paper Paper) image.Image {
	seen := image.NewGray(image.Rect(0, 0, f.width*scanScale, f.height*2*scanScale))
	for y := range f.height {
		for x, cell := range f.row(y) {
			upper, lower := halves(cell, paper)
			fillModule(seen, x, 2*y, upper)
			fillModule(seen, x, 2*y+1, lower)
		}
	}
	return seen
}

// halves are the colours of a cell's upper and lower half.
func halves(c uv.Cell, paper Paper) (upper, lower color.Color) {
	sketch := sketch{paper: paper}
	ink, ground := sketch.colours(c.Style)
	switch {
	case blank(c):
		return rgb(ground), rgb(ground)
	case c.Content == "█":
		return rgb(ink), rgb(ink)
	case c.Content == "▀":
		return rgb(ink), rgb(ground)
	}
	return rgb(ground), rgb(ink)
}

// rgb is a colour written as #rrggbb.
func rgb(s string) color.Color {
	var r, g, b uint8
	_, _ = fmt.Sscanf(s, "#%02x%02x%02x", &r, &g, &b)
	return color.RGBA{R: r, G: g, B: b, A: 0xff}
}

func fillModule(seen *image.Gray, x, y int, c color.Color) {
	for dy := range scanScale {
		for dx := range scanScale {
			seen.Set(x*scanScale+dx, y*scanScale+dy, c)
		}
	}
}
