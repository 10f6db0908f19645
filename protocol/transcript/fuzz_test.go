package transcript

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"example.org/smtpauth/protocol/smtp"
)

// may are the kinds that the lines of a side can have.
var may = map[Side][]Kind{
	Client: {Command, Response, Cancel, Message},
	Server: {Greeting, Reply, Challenge},
}

// follow follows a conversation in which the other side begins to speak at each
// "\x01", given in pieces of so many octets.
func follow(t *testing.T, conversation []byte, size int) (lines []string) {
	var f Follower
	readers := map[Side]*smtp.LineReader{Client: {}, Server: {}}
	side := Client
	for i, turn := range strings.Split(string(conversation), "\x01") {
		if side = side.Other(); i > 0 && turn == "" { // nobody says anything twice
			lines = append(lines, told(f.Secured(nil)))
		}
		for piece := range slices.Chunk([]byte(turn), size) {
			readers[side].Feed(piece)
			for line, ok := readers[side].Next(1000); ok; line, ok = readers[side].Next(1000) {
				before := told(f.Read(side, line.Octets))
				l := f.Follow(side, line.Octets)
				check(t, l)
				if told(l) != before {
					t.Fatalf("%q is read as %s, followed as %s", line.Octets, before, told(l))
				}
				lines = append(lines, fmt.Sprintf("%s %s %q", side, told(l), l.Octets))
			}
		}
	}
	return lines
}

// check looks at what holds for any line.
func check(t *testing.T, l Line) {
	t.Helper()
	r := l.Base64
	decoded, ok := l.Decoded()
	switch {
	case !slices.Contains(may[l.Side], l.Kind):
		t.Fatalf("a line of the %s is a %s", l.Side, l.Kind)
	case r.Offset < 0 || r.Length < 0 || r.Offset+r.Length > len(l.Octets):
		t.Fatalf("%q: %+v", l.Octets, r)
	case !r.Present && (r != Range{} || ok):
		t.Fatalf("%q: absent, and %+v", l.Octets, r)
	case r.Present && l.Verb != smtp.AUTH && l.Kind != Challenge && l.Kind != Response:
		t.Fatalf("base64 in a %s %q", l.Kind, l.Octets)
	case ok && (strings.Trim(string(l.Text()), "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/=") != "" || len(l.Text()) != (len(decoded)+2)/3*4):
		t.Fatalf("%q spells %q", l.Text(), decoded)
	case l.Verb != "" && (l.Kind != Command || !l.Verb.Known()):
		t.Fatalf("a %s %q is %s", l.Kind, l.Octets, l.Verb)
	case l.Code != 0 && (l.Side != Server || l.Code < 200 || l.Code > 599):
		t.Fatalf("%q has code %d", l.Octets, l.Code)
	}
}

// Octets of any value make lines, the same ones in any cut.
func FuzzFollower(f *testing.F) {
	for _, seed := range []string{
		"220 x\r\n\x01EHLO a\r\n\x01250-a\r\n250 AUTH PLAIN\r\n\x01auth plain =\r\n\x01334 \r\n\x01eA==\r\n\x01235 ok\r\n",
		"220 x\r\n\x01AUTH LOGIN\r\n\x01334 VXNlcm5hbWU6\r\n\x01QUIT\r\n\x01334\r\n\x01*\r\n\x01501 no\r\n\x01*\r\n",
		"220 x\r\n\x01MAIL FROM:<>\r\nDATA\r\n\x01250 ok\r\n354 go\r\n\x01AUTH PLAIN eA==\r\n.\r\nQUIT\r\n\x01250 ok\r\n221 bye\r\n",
		"\x01STARTTLS\r\nAUTH LOGIN\r\n\x01220 x\r\n\x01\x01\x01334 a\r\n\x01\xff\x00AUTH\tPLAIN\xa0x \n\r\r\n",
		"220 x\r\n\x01DATA\r\n.\r\nAUTH X\r\n*\r\n\x01354-\r\n354 x\r\n250\r\n334\r\n421-\r\n421\r\n",
	} {
		f.Add([]byte(seed), uint16(3))
	}
	f.Fuzz(func(t *testing.T, conversation []byte, size uint16) {
		whole := follow(t, conversation, len(conversation)+1)
		if cut := follow(t, conversation, int(size)+1); !slices.Equal(cut, whole) {
			t.Fatalf("in pieces of %d octets %q, in one %q", size+1, cut, whole)
		}
	})
}

// Following allocates the verb of a command, and nothing for other lines.
func TestFollowerAllocatesLittle(t *testing.T) {
	response, reply := []byte(strings.Repeat("QUFB", 3000)), []byte("334 PDE+")
	f := Follower{greeted: true}
	f.Follow(Client, []byte("AUTH LOGIN"))
	f.Follow(Server, reply)
	if n := testing.AllocsPerRun(1000, func() {
		f.Follow(Client, response)
		f.Follow(Server, reply)
	}); n > 0 {
		t.Errorf("%v allocations for a response and a challenge", n)
	}
}
