package transcript

import (
	"fmt"
	"strings"
	"testing"
)

// told is a line as the dialogues have it: its kind and, between brackets, its
// base64.
func told(l Line) string {
	if !l.Base64.Present {
		return string(l.Kind)
	}
	return fmt.Sprintf("%s [%s]", l.Kind, l.Text())
}

// The dialogues have a blank that would not be seen as ␠.
func TestFollower(t *testing.T) {
	for _, tt := range []struct{ name, dialogue string }{
		{"RFC 4954 §4.1: PLAIN under TLS, the client has no initial response", `
			greeting                            S: 220 smtp.example.com ESMTP server ready
			command                             C: EHLO jgm.example.com
			reply                               S: 250-smtp.example.com
			reply                               S: 250 AUTH GSSAPI PLAIN
			command                             C: STARTTLS
			reply                               S: 220 Ready to start TLS
			tls                                 -- TLS
			command                             C: EHLO jgm.example.com
			reply                               S: 250 AUTH PLAIN
			command                             C: AUTH PLAIN
			challenge []                        S: 334␠
			response [dGVzdAB0ZXN0ADEyMzQ=]     C: dGVzdAB0ZXN0ADEyMzQ=
			reply                               S: 235 2.7.0 Authentication successful
			command                             C: QUIT
			reply                               S: 221 2.0.0 bye`},
		{"an initial response, in lower case, empty, absent, with blanks about it", `
			greeting                            S: 220 x
			command [dGVzdAB0ZXN0ADEyMzQ=]      C: auth plain dGVzdAB0ZXN0ADEyMzQ=
			reply                               S: 535 no
			command []                          C: AUTH EXTERNAL =
			challenge [x]                       S: 334 x
			response [=]                        C: =
			reply                               S: 501 no
			command                             C: AUTH EXTERNAL
			reply                               S: 504 no
			command [eA==]                      C: ␠AUTH␠␠␠PLAIN␠␠␠eA==␠
			reply                               S: 500 no
			command [= x]                       C: AUTH PLAIN = x
			reply                               S: 501 no
			command                             C: AUTH
			reply                               S: 501 no`},
		{"empty prompts of LOGIN, with a blank and without", `
			greeting                            S: 220 x
			command                             C: AUTH LOGIN
			challenge []                        S: 334
			response [dGlt]                     C: dGlt
			challenge                           S: 334-
			challenge                           S: 334
			response []                         C:
			reply                               S: 535 no
			command                             C:`},
		{"a response is one, whatever it looks like (RFC 4954 §4)", `
			greeting                            S: 220 x
			command                             C: AUTH CRAM-MD5
			challenge [PDE+]                    S: 334 PDE+
			response [QUIT]                     C: QUIT
			challenge [VXNlcm5hbWU6]            S: 334 VXNlcm5hbWU6
			response [AUTH PLAIN eA==]          C: AUTH PLAIN eA==
			challenge [PDE+]                    S: 334 PDE+
			cancel                              C: *
			reply                               S: 501 cancelled
			command                             C: *
			reply                               S: 500 no`},
		{"AUTH is refused, and what would have been the response is no response", `
			greeting                            S: 220 x
			command                             C: AUTH CRAM-MD5
			reply                               S: 504 no
			command                             C: dGlt
			reply                               S: 500 no`},
		{"334 without AUTH is no challenge, 354 without DATA brings no message", `
			greeting                            S: 220 x
			command                             C: NOOP
			reply                               S: 334 PDE+
			command                             C: NOOP
			reply                               S: 354 go on
			command                             C: QUIT`},
		{"text up to the dot, and nothing in it is a command", `
			greeting                            S: 220 x
			command                             C: DATA
			reply                               S: 354-go
			reply                               S: 354 on
			message                             C: AUTH PLAIN eA==
			message                             C: ..
			message                             C:
			message                             C: .
			reply                               S: 250 ok
			command                             C: QUIT`},
		{"DATA is refused", `
			greeting                            S: 220 x
			command                             C: DATA
			reply                               S: 503 no
			command                             C: .`},
		{"commands in one group (RFC 2920): replies are counted", `
			greeting                            S: 220 x
			command                             C: MAIL FROM:<>
			command                             C: RCPT TO:<a@b.c>
			command                             C: DATA
			reply                               S: 250 ok
			reply                               S: 250-ok
			reply                               S: 250 ok
			reply                               S: 354 go on
			message                             C: NOOP
			message                             C: .
			command                             C: QUIT
			reply                               S: 250 ok
			reply                               S: 221 bye`},
		{"a response and a cancel that did not wait for the challenge", `
			greeting                            S: 220 x
			command                             C: AUTH LOGIN
			response [dGlt]                     C: dGlt
			cancel                              C: *
			command                             C: QUIT
			challenge [VXNlcm5hbWU6]            S: 334 VXNlcm5hbWU6
			challenge [UGFzc3dvcmQ6]            S: 334 UGFzc3dvcmQ6
			reply                               S: 501 cancelled
			reply                               S: 221 bye`},
		{"a command behind AUTH is taken for the response", `
			greeting                            S: 220 x
			command                             C: AUTH LOGIN
			command                             C: NOOP
			challenge [VXNlcm5hbWU6]            S: 334 VXNlcm5hbWU6
			reply                               S: 501 no
			command                             C: NOOP
			reply                               S: 250 ok`},
		{"a message behind DATA", `
			greeting                            S: 220 x
			command                             C: DATA
			command                             C: x
			command                             C: .
			command                             C: NOOP
			reply                               S: 354 go on
			reply                               S: 250 ok
			reply                               S: 250 ok
			command                             C: QUIT`},
		{"BDAT is not followed (RFC 3030)", `
			greeting                            S: 220 x
			command                             C: BDAT 6 LAST
			command                             C: quit
			reply                               S: 502 no
			reply                               S: 221 bye`},
		{"421 at any time ends what was under way (RFC 5321 §3.8)", `
			greeting                            S: 220 x
			command                             C: AUTH LOGIN
			challenge [VXNlcm5hbWU6]            S: 334 VXNlcm5hbWU6
			reply                               S: 421 bye
			command                             C: QUIT`},
		{"a client that does not wait for the greeting, and a greeting that refuses", `
			command                             C: EHLO a
			greeting                            S: 554-no
			greeting                            S: 554 no
			reply                               S: 503 no`},
		{"a transcript that begins in the middle", `
			command                             C: STARTTLS
			reply                               S: 220 go on
			command                             C: EHLO a
			reply                               S: 250 a`},
		{"a server that does not answer, and one that answers before it is asked", `
			greeting                            S: 220 x
			command                             C: NOOP
			command                             C: AUTH LOGIN
			challenge [VXNlcm5hbWU6]            S: 334 VXNlcm5hbWU6
			response [dGlt]                     C: dGlt
			reply                               S: 235 ok
			reply                               S: 250 ok
			command                             C: NOOP
			reply                               S: 250 ok`},
		{"responses and a message that somebody left out", `
			greeting                            S: 220 x
			command                             C: AUTH LOGIN
			challenge [VXNlcm5hbWU6]            S: 334 VXNlcm5hbWU6
			challenge [UGFzc3dvcmQ6]            S: 334 UGFzc3dvcmQ6
			reply                               S: 235 ok
			command                             C: DATA
			reply                               S: 354 go on
			reply                               S: 250 ok
			command                             C: QUIT`},
		{"what was said before TLS is not answered behind it (RFC 3207 §4.2)", `
			greeting                            S: 220 x
			command                             C: STARTTLS
			command                             C: AUTH LOGIN
			reply                               S: 220 go on
			tls                                 -- TLS
			reply                               S: 334 VXNlcm5hbWU6
			command                             C: dGlt`},
		{"lines that are of no reply", `
			greeting                            S: 220 x
			command                             C: AUTH LOGIN
			reply                               S: 3345 x
			reply                               S: 634 x
			reply                               S: 33
			challenge [eA==]                    S: 334 eA==
			note                                -- no reply within 5 s
			response [eA==]                     C: eA==`},
	} {
		t.Run(tt.name, func(t *testing.T) {
			var f Follower
			for row := range strings.SplitSeq(strings.TrimSpace(tt.dialogue), "\n") {
				row = strings.TrimLeft(row, "\t")
				want, who, text := strings.TrimSpace(row[:36]), row[36:38], strings.ReplaceAll(strings.TrimPrefix(row[38:], " "), "␠", " ")
				var l Line
				if text == "TLS" {
					l = f.Secured([]byte(text))
				} else {
					side := map[string]Side{"C:": Client, "S:": Server, "--": None}[who]
					if read := f.Read(side, []byte(text)); told(read) != want {
						t.Errorf("Read(%q) is %s, want %s", text, told(read), want)
					}
					l = f.Follow(side, []byte(text))
				}
				if told(l) != want || string(l.Octets) != text {
					t.Errorf("%q is %s, want %s", text, told(l), want)
				}
			}
		})
	}
}
