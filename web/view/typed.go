package view

import "strings"

// A field holds no control characters, so it shows their pictures, as the rest
// of the page does, and a picture that is typed stands for its character.

// typeable is a text as a field holds it.
func typeable(text string) string { return strings.Map(pictured, text) }

// meant is what was typed into a field.
func meant(text string) string { return strings.Map(unpictured, text) }

func pictured(r rune) rune {
	switch {
	case r < 0x20:
		return r + 0x2400
	case r == 0x7f:
		return 0x2421
	}
	return r
}

func unpictured(r rune) rune {
	switch {
	case r >= 0x2400 && r < 0x2420:
		return r - 0x2400
	case r == 0x2421:
		return 0x7f
	}
	return r
}

// nul is how NUL is typed where it is often wanted: some servers end their
// prompts with one.
const nul = `\0`

func prompt(typed string) string { return strings.ReplaceAll(typed, nul, "\x00") }
