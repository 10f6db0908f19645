package static

import (
	"fmt"
	"math"
	"regexp"
	"testing"

	"github.com/lucasb-eyer/go-colorful"
)

// themeNames are those of the values of light-dark(), in their order.
var themeNames = []string{"light", "dark"}

// colours are the tokens that are colours, in both themes.
func colours(t *testing.T) map[string][2]colorful.Color {
	t.Helper()
	data, err := Files.ReadFile("css/tokens.css")
	if err != nil {
		t.Fatal(err)
	}
	all := map[string][2]colorful.Color{}
	for _, m := range regexp.MustCompile(`--([a-z-]+): light-dark\((#[0-9a-f]+), (#[0-9a-f]+)\);`).FindAllStringSubmatch(string(data), -1) {
		var both [2]colorful.Color
		for theme, hex := range m[2:] {
			if both[theme], err = colorful.Hex(hex); err != nil {
				t.Fatalf("--%s: %v", m[1], err)
			}
		}
		all[m[1]] = both
	}
	return all
}

// contrast is the ratio of WCAG 2.2, 1 to 21.
func contrast(a, b colorful.Color) float64 {
	luminance := func(c colorful.Color) float64 {
		r, g, b := c.LinearRgb()
		return 0.2126*r + 0.7152*g + 0.0722*b
	}
	x, y := luminance(a), luminance(b)
	return (max(x, y) + 0.05) / (min(x, y) + 0.05)
}

// Letters stand out 4.5 to 1 from every ground they are put on, edges and the
// focus 3 to 1 (WCAG 2.2, 1.4.3 and 1.4.11).
func TestContrast(t *testing.T) {
	all := colours(t)
	for _, pair := range []struct {
		least   float64
		on      []string // grounds
		letters []string
	}{
		{4.5, []string{"bg", "surface", "sunken", "client-bg", "server-bg", "bad-bg", "ok-bg"}, []string{"text", "muted"}},
		{4.5, []string{"bg", "surface", "sunken", "client-bg"}, []string{"client"}},
		{4.5, []string{"bg", "surface", "sunken", "server-bg"}, []string{"server"}},
		{4.5, []string{"bg", "surface", "bad-bg", "client-bg", "server-bg"}, []string{"bad"}},
		{4.5, []string{"bg", "surface", "ok-bg", "client-bg", "server-bg"}, []string{"ok"}},
		{4.5, []string{"client", "server", "bad", "ok"}, []string{"surface"}}, // the letters of the sides
		{4.5, []string{"act"}, []string{"act-text"}},
		{3, []string{"bg", "surface"}, []string{"edge", "client", "server", "bad", "ok"}},
		{3, []string{"bg", "surface", "sunken", "client-bg", "server-bg", "ok-bg", "bad-bg"}, []string{"focus"}},
	} {
		for _, ground := range pair.on {
			for _, letter := range pair.letters {
				for theme, name := range themeNames {
					a, known := all[letter]
					b, also := all[ground]
					if !known || !also {
						t.Fatalf("no token --%s or --%s", letter, ground)
					}
					if is := contrast(a[theme], b[theme]); is < pair.least {
						t.Errorf("%s: --%s on --%s has %.2f, wants %.1f", name, letter, ground, is, pair.least)
					}
				}
			}
		}
	}
}

// sights are what lacks the cones of one kind makes of linear RGB: Machado,
// Oliveira, Fernandes, "A Physiologically-based Model for Simulation of Color
// Vision Deficiency" (2009), severity 1.
var sights = map[string][3][3]float64{
	"full":   {{1, 0, 0}, {0, 1, 0}, {0, 0, 1}},
	"protan": {{0.152286, 1.052583, -0.204868}, {0.114503, 0.786281, 0.099216}, {-0.003882, -0.048116, 1.051998}},
	"deutan": {{0.367322, 0.860646, -0.227968}, {0.280085, 0.672501, 0.047413}, {-0.011820, 0.042940, 0.968881}},
	"tritan": {{1.255528, -0.076749, -0.178779}, {-0.078411, 0.930809, 0.147602}, {0.004733, 0.691367, 0.303900}},
}

func seenBy(sight [3][3]float64, c colorful.Color) colorful.Color {
	r, g, b := c.LinearRgb()
	row := func(m [3]float64) float64 { return math.Min(1, math.Max(0, m[0]*r+m[1]*g+m[2]*b)) }
	return colorful.LinearRgb(row(sight[0]), row(sight[1]), row(sight[2]))
}

// Client and server are told apart by every kind of colour sight: CIEDE2000 of
// at least 20, where 2 can just be seen side by side; so are proved and exposed
// where nothing but a letter's colour says which, of at least 10: a sign and a
// word say it too.
func TestSidesApart(t *testing.T) {
	all := colours(t)
	for _, pair := range []struct {
		a, b  string
		least float64
	}{{"client", "server", 20}, {"client-bg", "server-bg", 5}, {"ok", "bad", 10}} {
		for name, sight := range sights {
			for theme := range themeNames {
				a, b := seenBy(sight, all[pair.a][theme]), seenBy(sight, all[pair.b][theme])
				t.Run(fmt.Sprintf("%s-%s/%s/%s", pair.a, pair.b, name, themeNames[theme]), func(t *testing.T) {
					if is := 100 * a.DistanceCIEDE2000(b); is < pair.least {
						t.Errorf("distance %.1f, wants %.0f", is, pair.least)
					}
				})
			}
		}
	}
}
