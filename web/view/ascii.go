package view

import "strings"

// Characters of what is taken apart here. It is done by hand: package regexp,
// with the tables of Unicode that it brings, is 3 % of the program.
const (
	numerals = "0123456789"
	upper    = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
	lower    = "abcdefghijklmnopqrstuvwxyz"
)

// span counts the octets at the front of text that are among some characters.
func span[T string | []byte](text T, among string) int {
	return len(text) - len(strings.TrimLeft(string(text), among))
}

// only tells whether text is made of some characters, of one at least.
func only[T string | []byte](text T, among string) bool {
	return len(text) > 0 && span(text, among) == len(text)
}
