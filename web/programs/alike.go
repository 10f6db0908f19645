package programs

import (
	"slices"
	"strings"

	"example.org/smtpauth/protocol/client"
	"example.org/smtpauth/protocol/dialect"
	"example.org/smtpauth/protocol/quirk"
	"example.org/smtpauth/protocol/server"
	"example.org/smtpauth/web/view"
)

// Alike is alike.json: who departs from the rules in the same way.
func Alike(all *dialect.All) (view.Alike, error) {
	same := view.Alike{}
	add := func(a dialect.About, key string) {
		if p := (view.Peer{ID: a.ID, Name: a.Name}); !slices.Contains(same[key], p) {
			same[key] = append(same[key], p)
		}
	}
	for _, s := range all.Servers {
		p, err := all.Policy(server.Policy{}, s.ID, "")
		if err != nil {
			return nil, err
		}
		for _, n := range p.Quirks {
			add(s.About, string(n))
		}
		for place, words := range p.Replies {
			name, _, _ := strings.Cut(string(place), " ")
			code := words[:min(3, len(words))]
			add(s.About, view.OtherCode(server.Place(name), code))
			if strings.HasSuffix(words, server.HangUp) && name != "quit" && code != "421" {
				add(s.About, string(quirk.HangsUp))
			}
		}
		if !server.UsualPrompts(p.Login) {
			add(s.About, string(quirk.OtherPrompt))
		}
	}
	for _, c := range all.Clients {
		p, err := all.Plan(client.Plan{}, c.ID, "")
		if err != nil {
			return nil, err
		}
		for _, n := range p.Quirks {
			add(c.About, string(n))
		}
	}
	return same, nil
}
