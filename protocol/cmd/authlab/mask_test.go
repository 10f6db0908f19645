//go:build !js

package main

import "testing"

// AUTH-50: what is behind the mechanism is masked, whatever the line is like.
func TestMaskCommand(t *testing.T) {
	for line, want := range map[string]string{
		"AUTH PLAIN":                        "AUTH PLAIN",
		"auth plain AHRpbQB4":               "auth plain ********",
		"AUTH PLAIN =":                      "AUTH PLAIN =",
		"AUTH PLAIN = x":                    "AUTH PLAIN ********",
		" AUTH  PLAIN  AHRpbQB4":            "AUTH PLAIN ********",
		"AUTH AHRpbQB4eHh4eHh4eHh4eHh4eA==": "AUTH ********",
		"AUTH":                              "AUTH",
		"EHLO a.b":                          "EHLO a.b",
		"MAIL FROM:<>":                      "MAIL FROM:<>",
		"":                                  "",
	} {
		if got := maskCommand(line); got != want {
			t.Errorf("maskCommand(%q) = %q, want %q", line, got, want)
		}
	}
	for line, want := range map[string]string{"": "", "*": "*", "x": stars, "*x": stars} {
		if got := maskResponse(line); got != want {
			t.Errorf("maskResponse(%q) = %q, want %q", line, got, want)
		}
	}
}

// REP-18: no control octet of a peer reaches the terminal.
func TestVisible(t *testing.T) {
	for text, want := range map[string]string{
		"250 ok": "250 ok", "почта 邮件": "почта 邮件", "a\tb\x00": `a\tb\x00`, "\x1b]0;x\a": `\x1b]0;x\a`,
		"\xff\xc3": `\xff\xc3`, "\u202e\u200b": `\u202e\u200b`, "\ufffd": "\ufffd", "it's": "it's",
	} {
		if got := visible(text); got != want {
			t.Errorf("visible(%q) = %q, want %q", text, got, want)
		}
	}
}
