package main

import (
	"bytes"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"example.org/smtpauth/protocol/machine"
	"example.org/smtpauth/protocol/netio"
	"example.org/smtpauth/protocol/tlslink"
	"example.org/smtpauth/protocol/transcript"
)

// printLines prints each line of octets behind who said it.
func printLines(out io.Writer, who string, octets []byte) {
	for line := range strings.Lines(string(octets)) {
		fmt.Fprintf(out, "%s: %s\n", who, visible(strings.TrimSuffix(strings.TrimSuffix(line, "\n"), "\r")))
	}
}

// visible writes what is not printable as in Go: a peer's text never reaches
// the terminal as commands to it (REP-18).
func visible(text string) string {
	var b strings.Builder
	for i, r := range text {
		switch {
		case r == utf8.RuneError && !strings.HasPrefix(text[i:], string(utf8.RuneError)):
			fmt.Fprintf(&b, `\x%02x`, text[i])
		case unicode.IsPrint(r):
			b.WriteRune(r)
		default:
			b.WriteString(strings.Trim(strconv.QuoteRune(r), "'"))
		}
	}
	return b.String()
}

// A conversation prints what a native client says and hears.
type conversation struct {
	out         io.Writer
	showSecrets bool
	mask        masker
}

func (c *conversation) watch(n netio.Note) {
	switch {
	case n.Kind == netio.Shook && n.Facts != nil:
		c.mask.lines.Secured(nil)
		fmt.Fprintf(c.out, "-- %s\n", tlsLine(*n.Facts))
	case n.Kind == netio.Stepped:
		for _, e := range n.Client {
			switch e.Kind {
			case machine.Took:
				c.mask.server(e.Octets)
				printLines(c.out, "S", e.Octets)
			case machine.Said:
				printLines(c.out, "C", c.said(e.Octets))
			}
		}
	}
}

// said is what the client says, a line or a message, masked line by line.
func (c *conversation) said(octets []byte) (shown []byte) {
	for line := range bytes.SplitAfterSeq(octets, []byte("\r\n")) {
		if len(line) == 0 {
			continue
		}
		l := c.mask.lines.Follow(transcript.Client, bytes.TrimSuffix(line, []byte("\r\n")))
		if masked := c.mask.client(l); !c.showSecrets {
			line = slices.Concat(masked, []byte("\r\n"))
		}
		shown = append(shown, line...)
	}
	return shown
}

func tlsLine(f tlslink.Facts) string {
	checked := "not checked"
	if f.Verified {
		checked = "checked"
	}
	return visible(fmt.Sprintf("%s, %s, %s; certificate for %s by %s, %s", f.Version, f.Suite, f.Group, f.Names, f.Issuer, checked))
}
