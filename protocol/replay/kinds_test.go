package replay

import (
	"bytes"
	"cmp"
	"maps"
	"testing"

	"example.org/smtpauth/protocol/client"
	"example.org/smtpauth/protocol/machine"
	"example.org/smtpauth/protocol/server"
	"example.org/smtpauth/protocol/smtp"
	"example.org/smtpauth/protocol/transcript"
)

// heard are the lines that the recorded client said and a server of the
// recording's dialect took, with the kinds that it took them for; of a message
// the server tells nothing.
func heard(t *testing.T, r *Recording, p server.Policy) (taken []transcript.Line) {
	t.Helper()
	phase := server.Waiting
	_, err := toServerWatched(r, p, func(e server.Event) {
		switch e.Kind {
		case machine.Moved:
			phase = e.To.Phase
		case machine.Took:
			kind := transcript.Command
			if phase == server.Exchange && string(e.Line) == "*" {
				kind = transcript.Cancel
			} else if phase == server.Exchange {
				kind = transcript.Response
			}
			taken = append(taken, transcript.Line{Kind: kind, Octets: e.Line})
		}
	})
	if err != nil {
		t.Fatal(err)
	}
	return taken
}

// said are the lines that a client of the plan says to the recorded server, with
// the kinds that it means them to be.
func said(r *Recording, p client.Plan) (lines []transcript.Line) {
	kinds := map[string]transcript.Kind{machine.OnResponse: transcript.Response, machine.OnCancel: transcript.Cancel, machine.OnMessage: transcript.Message}
	toClientWatched(r, p, func(e client.Event) {
		if e.Kind == machine.Said {
			line := bytes.TrimSuffix(e.Octets, []byte("\r\n"))
			lines = append(lines, transcript.Line{Kind: cmp.Or(kinds[e.On], transcript.Command), Octets: line, Base64: transcript.Range{Present: true, Length: len(line)}})
		}
	})
	return lines
}

// Each line of each recording is what the server takes it for, and what the
// client means it to be, when the recording is played to them. Clients alone
// know otherwise: some give up with a command where a response is due, and Go's
// net/smtp cancels what the server has ended.
func TestKinds(t *testing.T) {
	all := dialects(t)
	names, sessions := recordings(t)
	got := map[string]int{}
	for _, name := range names {
		r := sessions[name]
		if p, err := policyOf(r, all, ""); err == nil {
			compareTaken(t, name, r, heard(t, r, p), got)
		}
		if id := r.Header["client-dialect"]; id != "by-hand" {
			if p, err := planOf(r, all, id); err == nil {
				compareSaid(t, name, r, said(r, p), got)
			}
		}
	}
	want := map[string]int{
		"server command": 2245, "server response": 237, "server cancel": 23, "server was gone": 23,
		"client command": 1243, "client response": 227, "client cancel": 20, "client message": 96, "client differs": 3,
		"command, said as cancel": 8, "response, said as command": 5,
	}
	if !maps.Equal(got, want) {
		t.Errorf("%v, want %v", got, want)
	}
}

// compareTaken counts lines by what they are. Of a message the server tells
// nothing; a line over its limits it has taken in part, and one that a bare LF
// ends maybe with the next.
func compareTaken(t *testing.T, name string, r *Recording, taken []transcript.Line, count map[string]int) {
	t.Helper()
	var octets []byte
	for _, l := range r.Lines {
		if l.Side != transcript.Client || l.Kind == transcript.Message {
			continue
		}
		octets = append(octets, l.Octets...)
		if l.End == "\n" && len(taken) > 0 && !bytes.Equal(octets, taken[0].Octets) { // not to this server
			octets = append(octets, l.End...)
			continue
		}
		switch {
		case len(taken) == 0:
			count["server was gone"]++
		case !bytes.HasPrefix(octets, taken[0].Octets) || len(octets) > len(taken[0].Octets) && len(octets) < smtp.MaxCommandLine || l.Kind != taken[0].Kind:
			t.Errorf("%s: line %d, %.80q, is a %s; the server took %.80q for a %s", name, l.Place.Line, octets, l.Kind, taken[0].Octets, taken[0].Kind)
			return
		default:
			count["server "+string(l.Kind)]++
			taken = taken[1:]
		}
		octets = nil
	}
}

// compareSaid counts lines by what they are, up to where the client does not say
// what was recorded. Of a message the dot alone is compared.
func compareSaid(t *testing.T, name string, r *Recording, said []transcript.Line, count map[string]int) {
	t.Helper()
	for _, l := range r.Lines {
		if l.Side != transcript.Client || l.Kind == transcript.Message && string(l.Octets) != "." {
			continue
		}
		if len(said) == 0 || !sameLine(&l, &said[0]) && said[0].Kind != transcript.Message {
			count["client differs"]++
			return
		}
		if l.Kind == said[0].Kind {
			count["client "+string(l.Kind)]++
		} else {
			count[string(l.Kind)+", said as "+string(said[0].Kind)]++
		}
		said = said[1:]
	}
}
