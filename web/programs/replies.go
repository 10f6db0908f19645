package programs

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"

	"example.org/smtpauth/protocol/client"
	"example.org/smtpauth/protocol/problem"
	"example.org/smtpauth/protocol/sasl"
	"example.org/smtpauth/protocol/scenario"
	"example.org/smtpauth/protocol/server"
	"example.org/smtpauth/protocol/session"
	"example.org/smtpauth/protocol/smtp"
	"example.org/smtpauth/web/view"
)

// A Reply is one that a server really said, and the first place where it did.
type Reply struct {
	Text  string   // its lines, without the codes of all but the first
	Codes []string // "535", "5.7.8"
	Fault string   // what it means for the client: an id; empty where it refuses no log-in
	Place view.Place
}

// A hearer runs sessions and notes every reply that was not yet said.
type hearer struct {
	replies []Reply
	known   map[string]bool
}

// Replies runs all scenarios, then all acts, then every server with what a
// visitor may try with it.
func Replies(p *Programs) ([]Reply, error) {
	h := &hearer{known: map[string]bool{}}
	for _, s := range scenario.All {
		if err := h.hear(view.Place{In: view.FoundScenario, ID: s.ID}, s.Setup(), s.Inputs...); err != nil {
			return nil, err
		}
	}
	for _, m := range p.Meetings {
		for _, a := range m.Acts {
			setup, err := p.whole(a.Setup)
			if err == nil {
				err = h.hear(view.Place{In: view.FoundAct, ID: m.ID + "/" + a.ID}, setup)
			}
			if err != nil {
				return nil, err
			}
		}
	}
	for _, s := range p.Servers {
		for _, v := range slices.Concat([]Variant{{"", s.Setup}}, s.Variants) {
			like, err := p.whole(v.Setup)
			if err == nil {
				err = h.try(strings.TrimSuffix(s.ID+"/"+v.Name, "/"), like)
			}
			if err != nil {
				return nil, err
			}
		}
	}
	return h.replies, nil
}

// whole is the set-up that parts differ from the opening's by.
func (p *Programs) whole(parts Parts) (session.Setup, error) {
	all := maps.Clone(p.Opening)
	maps.Copy(all, parts)
	text, err := json.Marshal(all)
	if err != nil {
		return session.Setup{}, err
	}
	setup, _, err := session.Read(text)
	return setup, err
}

// tries are what a visitor may do with a server, from the least on.
var tries = [][]view.Edit{
	nil,
	{{Slot: view.Password, Value: "wrong"}},
	{{Slot: view.User, Value: "nobody"}},
	{{Slot: view.Mechanism, Value: scenario.Unknown}},
	{{Slot: view.SlotGiveUp, Value: "yes"}},
	{{Slot: view.SlotWhen, Value: string(client.OnDemand)}},
	{{Slot: view.SlotFrom, Value: "boss@example.org"}},
	{{Slot: view.SlotClientTLS, Value: string(client.NoTLS)}},
	{{Slot: view.SlotClientTLS, Value: string(client.NoTLS)}, {Slot: view.SlotInsist, Value: "yes"}, {Slot: view.SlotInClear, Value: "yes"}},
}

// agreed are the edits by which the client comes to log in at a server at all: it
// does without STARTTLS where there is none, and uses a password.
func agreed(like session.Setup) (edits []view.Edit) {
	offered := like.Server.AfterTLS
	if !slices.Contains(like.Server.Extensions, "STARTTLS") && like.Server.Role != server.Submissions {
		offered = like.Server.BeforeTLS
		edits = []view.Edit{{Slot: view.SlotClientTLS, Value: string(client.NoTLS)}, {Slot: view.SlotInClear, Value: "yes"}}
	}
	if i := slices.IndexFunc(offered, byPassword); i >= 0 {
		edits = append(edits, view.Edit{Slot: view.Mechanism, Value: offered[i]})
	}
	return edits
}

func byPassword(mechanism string) bool {
	m, known := sasl.Lookup(mechanism)
	return known && m.ByPassword()
}

// try hears a server through all of tries, and with each mechanism that it offers.
func (h *hearer) try(id string, like session.Setup) error {
	all := slices.Clone(tries)
	for _, name := range slices.Concat(like.Server.BeforeTLS, like.Server.AfterTLS) {
		all = append(all, []view.Edit{{Slot: view.Mechanism, Value: name}})
	}
	for _, edits := range all {
		edits = slices.Concat(agreed(like), edits)
		to := view.Place{In: view.FoundServer, ID: id, Edits: edits}
		setup := view.Reach(like, to)
		if view.Check(setup).ID != "" {
			continue // the page would not run it either
		}
		if err := h.hear(to, setup); err != nil {
			return err
		}
	}
	return nil
}

// hear runs a session.
func (h *hearer) hear(to view.Place, setup session.Setup, inputs ...session.Input) error {
	s, err := session.New(setup, inputs...)
	if err != nil {
		return fmt.Errorf("%s %s %v: %w", to.In, to.ID, to.Edits, err)
	}
	defer s.Close()
	s.Run()
	mechanism := ""
	for i, f := range s.Frames() {
		if line, auth := bytes.CutPrefix(f.Octets, []byte("AUTH ")); auth && f.Side == session.Client {
			mechanism = string(bytes.Fields(line)[0])
		}
		if r, said := replyOf(&f, mechanism); said && !h.known[r.Text] {
			h.known[r.Text] = true
			r.Place = to
			r.Place.At = i
			h.replies = append(h.replies, r)
		}
	}
	return nil
}

// maxChallenge is how long the base64 of a challenge may be that is noted:
// longer ones are random, and may hang on TLS.
const maxChallenge = 24

// replyOf reads the reply that a frame shows.
func replyOf(f *session.Frame, mechanism string) (r Reply, said bool) {
	if f.Kind != session.Line || f.Side != session.Server {
		return r, false
	}
	var reader smtp.ReplyReader
	reader.Feed(f.Octets)
	reply, _, err, ok := reader.Next()
	if err != nil || !ok || reply.Code == 334 && len(reply.Lines[0]) > maxChallenge {
		return r, false
	}
	r.Text = fmt.Sprint(reply.Code, " ")
	r.Codes = []string{fmt.Sprint(reply.Code)}
	if reply.Enhanced != (smtp.EnhancedCode{}) {
		r.Codes = append(r.Codes, reply.Enhanced.String())
		r.Text += reply.Enhanced.String() + " "
	}
	r.Text += strings.Join(reply.Lines, " ")
	if class := reply.Class(); f.Phase == session.Auth && (class == 4 || class == 5) {
		r.Fault = client.RefusalFault(problem.Of(mechanism, reply))
	}
	return r, true
}
