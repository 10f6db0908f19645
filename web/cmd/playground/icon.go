//go:build !js

package main

import (
	"bytes"
	"fmt"
	"image"
	"image/color"
	"image/png"
	"strings"
)

// A shape of the icon: a rectangle with round corners on a field of 64 by 64.
type shape struct {
	x, y, w, h, round float64
	fill              color.RGBA
}

// The icon is the client, the server, and the wire between them.
var icon = []shape{
	{0, 0, 64, 64, 12, color.RGBA{0x1d, 0x24, 0x30, 0xff}},
	{20, 26, 24, 3, 1.5, color.RGBA{0xe9, 0xec, 0xf2, 0xff}},
	{20, 35, 24, 3, 1.5, color.RGBA{0xe9, 0xec, 0xf2, 0xff}},
	{10, 18, 16, 28, 5, color.RGBA{0x79, 0xb8, 0xff, 0xff}},
	{38, 18, 16, 28, 5, color.RGBA{0xff, 0xb0, 0x66, 0xff}},
}

// addIcons adds the icon as a drawing and as two pictures.
func (s site) addIcons() error {
	s["icons/icon.svg"] = iconSVG()
	for _, size := range []int{192, 512} {
		var b bytes.Buffer
		if err := png.Encode(&b, iconImage(size)); err != nil {
			return err
		}
		s[fmt.Sprintf("icons/icon-%d.png", size)] = b.Bytes()
	}
	return nil
}

func iconSVG() []byte {
	var b strings.Builder
	b.WriteString(`<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 64 64">`)
	for _, r := range icon {
		fmt.Fprintf(&b, `<rect x="%g" y="%g" width="%g" height="%g" rx="%g" fill="#%02x%02x%02x"/>`,
			r.x, r.y, r.w, r.h, r.round, r.fill.R, r.fill.G, r.fill.B)
	}
	b.WriteString("</svg>\n")
	return []byte(b.String())
}

// iconImage draws the icon size pixels wide, each the mean of 4 by 4 points.
func iconImage(size int) image.Image {
	const points = 4
	img := image.NewRGBA(image.Rect(0, 0, size, size))
	for py := range size {
		for px := range size {
			var r, g, b, a int
			for i := range points * points {
				x := (float64(px) + (float64(i%points)+0.5)/points) * 64 / float64(size)
				y := (float64(py) + (float64(i/points)+0.5)/points) * 64 / float64(size)
				c := colourAt(x, y)
				r, g, b, a = r+int(c.R), g+int(c.G), b+int(c.B), a+int(c.A)
			}
			const n = points * points
			img.SetRGBA(px, py, color.RGBA{uint8(r / n), uint8(g / n), uint8(b / n), uint8(a / n)})
		}
	}
	return img
}

func colourAt(x, y float64) (c color.RGBA) {
	for _, r := range icon {
		if r.holds(x, y) {
			c = r.fill
		}
	}
	return c
}

func (r shape) holds(x, y float64) bool {
	// The distance from the rectangle that the corners' centres span.
	dx := max(r.x+r.round-x, 0, x-(r.x+r.w-r.round))
	dy := max(r.y+r.round-y, 0, y-(r.y+r.h-r.round))
	// Converted, so that no machine fuses the sum and rounds it otherwise.
	return float64(dx*dx)+float64(dy*dy) <= r.round*r.round
}
