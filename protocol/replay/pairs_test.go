package replay

import (
	"bytes"
	"strconv"
	"strings"
	"testing"

	"example.org/smtpauth/protocol/matrix"
	"example.org/smtpauth/protocol/scenario"
)

// came is what a recorded session came to, as the client saw it. Of faults the
// code is known, where AUTH was refused.
func came(r *Recording) (c matrix.Cell) {
	var authenticated, asked, mail, data, sent, quit, cut bool
	refused := 0
	for _, l := range r.Lines {
		word, rest, _ := strings.Cut(strings.ToUpper(string(l.Octets)), " ")
		switch {
		case l.Who == Event:
			c.TLS = c.TLS || strings.HasPrefix(string(l.Octets), tlsDone)
			cut = cut || strings.HasPrefix(string(l.Octets), closedByServer)
		case l.Who == Client && isAuth(l.Octets):
			name, _, _ := strings.Cut(rest, " ")
			c.Mechanism, asked, refused = name, true, 0
		case l.Who == Client:
			if word == "*" || word == "QUIT" {
				asked = false // the client does not wait for the outcome
			}
			mail, quit = mail || word == "MAIL", quit || word == "QUIT"
		case asked && !bytes.HasPrefix(l.Octets, []byte("334")):
			asked, authenticated = false, authenticated || l.Octets[0] == '2'
			if l.Octets[0] >= '4' {
				refused, _ = strconv.Atoi(string(l.Octets[:3]))
			}
		case bytes.HasPrefix(l.Octets, []byte("354")):
			data = true
		case data:
			sent, data = sent || l.Octets[0] == '2', false
		}
	}
	switch {
	case sent && authenticated:
		c.Outcome = matrix.Sent
	case sent:
		c.Outcome = matrix.Open
	case authenticated && !mail && quit:
		c.Outcome = matrix.LoggedIn
	case authenticated:
		c.Outcome = matrix.Unsent
	case mail:
		c.Outcome = matrix.Barred
	case refused > 0:
		c.Outcome, c.Code = matrix.Refused, refused
	case cut && !quit:
		c.Outcome = matrix.Cut
	default:
		c.Outcome = matrix.GivenUp
	}
	return c
}

// otherwise are recorded pairs that come to something else in the matrix, and
// why.
var otherwise = map[string]string{
	"s_client--postfix-tls--interactive": "the person typed RCPT, and openssl took its R for an order to negotiate TLS anew",
}

// What pairs come to in the matrix is what they came to where they were
// recorded: with the recording's variant, options and message, and, where it
// has none of its own, just as the matrix has it.
func TestPairsAsRecorded(t *testing.T) {
	all := dialects(t)
	names, sessions := recordings(t)
	compared, plain := 0, 0
	for _, name := range names {
		r := sessions[name]
		host, peer := r.Header["server-dialect"], r.Header["client-dialect"]
		variant, options := r.Header["server-variant"], r.Header["client-options"]
		_, server := all.Server(host)
		_, client := all.Client(peer)
		if !server || !client {
			continue
		}
		setup, err := scenario.Pair(all, host+"/"+variant, peer+"/"+options)
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		compare := func() {
			t.Helper()
			got, err := matrix.Run(setup)
			if got.Fault, got.Readable = "", false; got.Outcome != matrix.Refused {
				got.Code = 0
			}
			_, differs := otherwise[name]
			if want := came(r); err != nil || (got == want) == differs {
				t.Errorf("%s: %+v, %v, recorded %+v", name, got, err, want)
			}
		}
		wrong, as := strings.Contains(name, "--bad-password"), pinned(r, setup.Client)
		own := as.Mail == nil || as.Mail.From == setup.Client.Mail.From // two were sent in another's name
		if variant+options == "" && !wrong && own {
			if setup.Client.Mail != nil { // some were stopped at RCPT
				mail := *setup.Client.Mail
				mail.Stop = as.Mail.Stop
				setup.Client.Mail = &mail
			}
			compare()
			plain++
		}
		if wrong {
			setup.Client.User.Password.Text = "wrong"
		}
		setup.Client.Mail, setup.Client.Mechanisms, setup.Client.Quirks = as.Mail, as.Mechanisms, as.Quirks
		compare()
		compared++
	}
	if compared != 98 || plain != 25 {
		t.Errorf("%d pairs, %d of them as in the matrix", compared, plain)
	}
}
