package view

import "unicode/utf8"

// Fold parts lines into those that are shown at once and those that are not:
// most lines, or, of more, one less beside what unfolds the rest; and no more
// than so many characters, the line in which they end cut in two. Then rest is
// how many characters are folded, otherwise 0.
func Fold(lines []Line, most, characters int) (shown, folded []Line, rest int) {
	if len(lines) > most {
		lines, folded = lines[:most-1:most-1], lines[most-1:]
	}
	for i, line := range lines {
		n := line.length()
		if n <= characters {
			characters -= n
			continue
		}
		front, back := line.split(characters)
		folded = append(append([]Line{back}, lines[i+1:]...), folded...)
		for _, l := range folded {
			rest += l.length()
		}
		return append(lines[:i:i], front), folded, rest
	}
	return lines, folded, 0
}

// length is a line's, in characters.
func (l Line) length() (n int) {
	for _, r := range l {
		n += utf8.RuneCountInString(r.Text)
	}
	return n
}

// split cuts a line after n characters.
func (l Line) split(n int) (front, back Line) {
	for i, r := range l {
		letters := []rune(r.Text)
		if n >= len(letters) {
			front, n = append(front, r), n-len(letters)
			continue
		}
		front = append(front, Run{r.Kind, string(letters[:n])})
		return front, append(Line{{r.Kind, string(letters[n:])}}, l[i+1:]...)
	}
	return front, nil
}
