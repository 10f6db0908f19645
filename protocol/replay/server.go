package replay

import (
	"crypto/sha3"
	"fmt"
	"strings"
	"time"

	"example.org/smtpauth/protocol/machine"
	"example.org/smtpauth/protocol/sasl"
	"example.org/smtpauth/protocol/server"
	"example.org/smtpauth/protocol/smtp"
	"example.org/smtpauth/protocol/transcript"
)

// ToServer plays what the recorded client said to a server of the policy and
// compares its replies. Accounts, challenges, nonces and salts are those of the
// recording.
func ToServer(r *Recording, p server.Policy) (Result, error) {
	return toServerWatched(r, p, func(server.Event) {})
}

func toServerWatched(r *Recording, p server.Policy, watch func(server.Event)) (Result, error) {
	p.Accounts = accounts(r, p.Accounts)
	s, err := server.New(p, environment())
	if err != nil {
		return Result{}, err
	}
	t := &toServer{server: s, lines: r.Lines, watch: watch}
	t.step(machine.Input{Kind: machine.Connected, Channel: channel(p.Role == server.Submissions)})
	for i := range r.Lines {
		l := &r.Lines[i]
		switch l.Side {
		case transcript.Server:
			t.expected = append(t.expected, i)
			continue
		case transcript.None:
			t.event(i, l)
			continue
		}
		if len(t.expected) > 0 {
			t.settle()
		}
		t.pending = append(append(t.pending, l.Octets...), l.End...)
		t.auth.hear(l)
		t.pin(i)
		if i+1 < len(r.Lines) && r.Lines[i+1].Side != transcript.Client {
			t.feed()
		}
	}
	t.feed()
	t.finish()
	return t.result, nil
}

// environment is the same for every replay.
func environment() sasl.Env {
	source := sha3.NewSHAKE256()
	source.Write([]byte("replay"))
	return sasl.Env{Rand: source, Now: func() time.Time { return time.Date(2026, 11, 21, 18, 43, 11, 0, time.UTC) }}
}

// channel is a TLS connection that has channel bindings, or none.
func channel(tls bool) sasl.Channel {
	if !tls {
		return sasl.Channel{}
	}
	return sasl.Channel{TLS: true, Exporter: make([]byte, 32), EndPoint: make([]byte, 32)}
}

// toServer is one replay.
type toServer struct {
	server   *server.Server
	lines    []transcript.Line
	auth     pins
	pending  []byte
	expected []int      // lines that the recorded server said
	replies  [][]string // the server's, each in its lines
	ended    bool
	watch    func(server.Event)
	result   Result
}

func (t *toServer) step(in machine.Input) {
	for _, e := range t.server.Step(in) {
		t.watch(e)
		switch e.Kind {
		case machine.Said:
			t.replies = append(t.replies, strings.Split(strings.TrimSuffix(string(e.Octets), "\r\n"), "\r\n"))
		case machine.Ended:
			t.ended = true
		}
	}
}

// pin prepares an exchange: with an AUTH line, what makes the challenges come
// out as recorded.
func (t *toServer) pin(at int) {
	if t.lines[at].Verb != smtp.AUTH {
		return
	}
	p := t.auth
	for i := range t.lines[at+1:] {
		l := &t.lines[at+1+i]
		switch {
		case l.Verb == smtp.AUTH:
			return
		case l.Side == transcript.Client:
			p.hear(l)
		case l.Kind == transcript.Challenge:
			if challenge, nonce, realm := p.pin(l); challenge+nonce != "" {
				t.server.Pin(challenge, nonce, realm)
				return
			}
		}
	}
}

// feed hands over what the client said in one go.
func (t *toServer) feed() {
	if len(t.pending) > 0 {
		t.step(machine.Input{Kind: machine.Octets, Octets: t.pending})
	}
	t.pending = nil
}

// finish compares what is left. Behind the recording's end nobody knows what
// the server would have said.
func (t *toServer) finish() {
	t.replies = t.replies[:min(len(t.replies), t.awaited())]
	t.settle()
}

// awaited is how many replies stand in the expected lines.
func (t *toServer) awaited() (n int) {
	for _, at := range t.expected {
		if !t.lines[at].More {
			n++
		}
	}
	return n
}

func (t *toServer) event(at int, l *transcript.Line) {
	words := string(l.Octets)
	switch {
	case l.Kind == transcript.TLS && t.server.State().Phase != server.Handshake:
		if len(t.expected) > 0 { // else: before the greeting
			t.settle()
		}
	case l.Kind == transcript.TLS:
		t.settle()
		t.step(machine.Input{Kind: machine.Secured, Channel: channel(true)})
	case strings.HasPrefix(words, messageHidden):
		var lines int
		fmt.Sscanf(words, messageHidden+"%d", &lines)
		t.settle()
		t.pending = append(t.pending, strings.Repeat("x\r\n", min(lines, 1000))...)
	case strings.HasPrefix(words, closedByServer):
		t.settle()
		t.compare(at, []string{words}, nil, t.ended)
	case strings.HasPrefix(words, closedByClient):
		t.finish()
		t.step(machine.Input{Kind: machine.PeerClosed})
		t.replies = nil
	}
}

// settle compares what was said since the last time.
func (t *toServer) settle() {
	var lines []string
	i := 0
	for n, at := range t.expected {
		lines = append(lines, string(t.lines[at].Octets))
		if t.lines[at].More && n+1 < len(t.expected) {
			continue
		}
		var ours []string
		if i < len(t.replies) {
			ours = t.replies[i]
			i++
		}
		t.compare(at, lines, ours, false)
		lines = nil
	}
	for ; i < len(t.replies); i++ {
		at := 0
		if len(t.expected) > 0 {
			at = t.expected[len(t.expected)-1]
		}
		t.compare(at, nil, t.replies[i], false)
	}
	t.expected, t.replies = nil, nil
}

// compare notes one answer. Done says that both did the same without a word.
func (t *toServer) compare(at int, recorded, ours []string, done bool) {
	t.result.Compared++
	code := done || len(recorded) > 0 && len(ours) > 0 && codes(recorded) == codes(ours)
	text := done || code && sameText(strings.Join(recorded, "\n"), strings.Join(ours, "\n")) ||
		code && t.auth.random(&t.lines[at], ours)
	if code {
		t.result.Codes++
	}
	if text {
		t.result.Texts++
	}
	if !code || !text {
		t.result.Differences = append(t.result.Differences, Difference{at, strings.Join(recorded, "\n"), strings.Join(ours, "\n"), !code})
	}
}
