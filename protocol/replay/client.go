package replay

import (
	"bytes"
	"regexp"
	"slices"
	"strings"

	"example.org/smtpauth/protocol/client"
	"example.org/smtpauth/protocol/machine"
	"example.org/smtpauth/protocol/quirk"
	"example.org/smtpauth/protocol/sasl"
	"example.org/smtpauth/protocol/smtp"
	"example.org/smtpauth/protocol/transcript"
)

// ToClient plays what the recorded server said to a client of the plan and
// compares its lines and how it ended, as one answer: a session is the same or
// it is not. Names, credentials, addresses, nonces and an order that is no
// order are those of the recording.
func ToClient(r *Recording, p client.Plan) Result {
	return toClientWatched(r, p, func(client.Event) {})
}

func toClientWatched(r *Recording, p client.Plan, watch func(client.Event)) Result {
	t := &toClient{client: client.New(pinned(r, p), environment()), late: -1, watch: watch}
	t.step(machine.Input{Kind: machine.Connected, Channel: channel(p.TLS == client.Implicit)})
	var recorded []transcript.Line
	for _, l := range r.Lines {
		switch {
		case l.Side == transcript.Server:
			if l.Code == 421 && t.late < 0 {
				t.late = len(recorded)
			}
			t.ours.Follow(transcript.Server, l.Octets)
			t.step(machine.Input{Kind: machine.Octets, Octets: append(bytes.Clone(l.Octets), l.End...)})
		case l.Kind == transcript.Message && string(l.Octets) != ".": // the message is not what is compared
		case l.Side == transcript.Client:
			recorded = append(recorded, l)
		case l.Kind == transcript.TLS && t.client.State().Phase == client.Handshake:
			t.ours.Secured(nil)
			t.step(machine.Input{Kind: machine.Secured, Channel: channel(true)})
		case bytes.HasPrefix(l.Octets, []byte(closedByServer)):
			t.step(machine.Input{Kind: machine.PeerClosed})
		}
	}
	return t.result(recorded)
}

// toClient is one replay.
type toClient struct {
	client *client.Client
	ours   transcript.Follower
	said   []transcript.Line
	watch  func(client.Event)
	late   int // how many lines had been said when the server announced its end; -1: it did not
}

func (t *toClient) step(in machine.Input) {
	for _, e := range t.client.Step(in) {
		t.watch(e)
		switch {
		case e.Kind == machine.Said && e.On == machine.OnMessage:
			t.said = append(t.said, t.ours.Follow(transcript.Client, []byte(".")))
		case e.Kind == machine.Said:
			t.said = append(t.said, t.ours.Follow(transcript.Client, bytes.TrimSuffix(e.Octets, []byte("\r\n"))))
		}
	}
}

// result compares the lines. Behind a recording's last line of the client
// nothing was said, but for a QUIT that nobody waited for any more.
func (t *toClient) result(recorded []transcript.Line) Result {
	result := Result{Compared: 1, Codes: 1, Texts: 1}
	ours := t.said
	if len(ours) > len(recorded) && t.late >= 0 && t.late <= len(recorded) {
		ours = ours[:len(recorded)] // said to a connection that the server was closing
	}
	if !isQuit(recorded) && len(ours) == len(recorded)+1 && isQuit(ours) && t.client.State().Phase == client.Closed {
		ours = ours[:len(recorded)]
	}
	for i := range max(len(recorded), len(ours)) {
		var want, got *transcript.Line
		if i < len(recorded) {
			want = &recorded[i]
		}
		if i < len(ours) {
			got = &ours[i]
		}
		if want == nil || got == nil || !sameLine(want, got) {
			result.Codes, result.Texts = 0, 0
			result.Differences = []Difference{{i, shown(want), shown(got), true}}
			break
		}
	}
	return result
}

var (
	sizeOf   = regexp.MustCompile(`SIZE=\d+`)
	digestIs = regexp.MustCompile(`response=[0-9a-f]{32}`)
)

// isQuit reports whether the last of the lines of a client is QUIT.
func isQuit(lines []transcript.Line) bool {
	return len(lines) > 0 && bytes.EqualFold(lines[len(lines)-1].Octets, []byte("QUIT"))
}

func shown(l *transcript.Line) string {
	if l == nil {
		return "(nothing)"
	}
	return string(l.Octets)
}

// sameLine compares lines of a client: but for the size of a message that is
// not compared, and for the order of DIGEST-MD5's directives.
func sameLine(recorded, ours *transcript.Line) bool {
	if bytes.Equal(sizeOf.ReplaceAll(recorded.Octets, nil), sizeOf.ReplaceAll(ours.Octets, nil)) {
		return true
	}
	a, _ := recorded.Decoded()
	b, _ := ours.Decoded()
	x, y := digestIs.Find(a), digestIs.Find(b)
	return x != nil && bytes.Equal(x, y)
}

// pinned is p with what the recording pins.
func pinned(r *Recording, p client.Plan) client.Plan {
	var auth pins
	var order []string
	stop, asked, name, secret := false, 0, p.User.Authcid, ""
	mail := client.Mail{From: "tim@example.org", To: []string{"friend@example.net"}, Text: "Subject: hi\r\n\r\nhello\r\n"}
	accepted, data := false, false
	for i := range r.Lines {
		l := &r.Lines[i]
		accepted = accepted || l.Code == 250 && i > 0 && rcptAt.Match(r.Lines[i-1].Octets)
		if l.Side != transcript.Client {
			continue
		}
		text := string(l.Octets)
		auth.hear(l)
		switch l.Verb {
		case smtp.EHLO, smtp.HELO:
			_, p.Name, _ = strings.Cut(text, " ")
		case smtp.AUTH:
			asked = 0
			if !slices.Contains(order, auth.mechanism) {
				order = append(order, auth.mechanism)
			}
		case smtp.DATA:
			data = true
		}
		if m := fromAt.FindStringSubmatch(text); m != nil {
			mail.From = m[1]
		}
		if m := rcptAt.FindStringSubmatch(text); m != nil {
			mail.To = []string{m[1]}
		}
		said := string(auth.said)
		fields := strings.Split(said, "\x00")
		switch {
		case auth.mechanism == "PLAIN" && len(fields) == 3:
			name, secret = fields[1], fields[2]
		case auth.mechanism == "LOGIN" && said != "":
			if asked++; asked == 1 {
				name = said
			} else if asked == 2 {
				secret = said
			}
		case auth.mechanism == "CRAM-MD5" && said != "":
			name, _, _ = strings.Cut(said, " ")
		case strings.HasPrefix(auth.mechanism, "SCRAM-") && clientR.MatchString(said) && p.Nonce == "":
			p.Nonce = first(clientR, auth.said)
		case auth.mechanism == "DIGEST-MD5" && cnonceOf.MatchString(said):
			p.Nonce, p.Host = first(cnonceOf, auth.said), first(uriOf, auth.said)
		}
	}
	stop = accepted && !data
	if p.User.Authcid = name; secret == "" {
		secret = guessed(r)
	}
	p.User.Password = sasl.Secret{Text: secret}
	if p.Mail != nil {
		mail.Stop = stop
		p.Mail = &mail
	}
	if p.Quirks.Has(quirk.AnyOrder) {
		p.Quirks = slices.DeleteFunc(slices.Clone(p.Quirks), func(n quirk.Name) bool { return n == quirk.AnyOrder })
		rest := slices.DeleteFunc(slices.Clone(p.Mechanisms), func(m string) bool { return slices.Contains(order, m) })
		p.Mechanisms = append(slices.DeleteFunc(order, func(m string) bool { return !slices.Contains(p.Mechanisms, m) }), rest...)
	}
	return p
}

var (
	fromAt   = regexp.MustCompile(`(?i)^MAIL FROM:<([^>]*)>`)
	rcptAt   = regexp.MustCompile(`(?i)^RCPT TO:<([^>]*)>`)
	cnonceOf = regexp.MustCompile(`cnonce="([^"]*)"`)
	uriOf    = regexp.MustCompile(`digest-uri="smtp/([^"/]*)"`)
)

// guessed is the password of a recording that does not show it: the wrong one
// where a real server refused a response, else that of all recordings.
func guessed(r *Recording) string {
	if d := r.Header["server-dialect"]; d == "scripted" || d == "none" {
		return password
	}
	secret := password
	if strings.HasPrefix(r.Header["server-dialect"], "mox-") {
		secret = "moxmoxmox"
	}
	for _, l := range r.Lines {
		switch l.Code {
		case 535:
			secret = "wrong"
		case 235:
			return secret
		}
	}
	return secret
}
