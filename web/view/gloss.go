package view

import "strings"

// Gloss names the sentences that explain a run, the most telling first: none
// for what explains itself. A catalog need not have all: servers have codes and
// keywords of their own.
func (r Run) Gloss() []ID {
	text := strings.TrimRight(r.Text, " -")
	switch r.Kind {
	case Code:
		end := ID("gloss.last")
		if strings.HasSuffix(r.Text, "-") {
			end = "gloss.more"
		}
		return []ID{ID("gloss.code." + text), ID("gloss.class." + text[:1]), end}
	case Enhanced:
		subject := strings.Split(text, ".")[1]
		return []ID{ID("gloss.enhanced." + text), ID("gloss.subject." + subject)}
	case Verb:
		return []ID{ID("gloss.verb." + strings.ToUpper(text))}
	case Keyword:
		return []ID{ID("gloss.keyword." + strings.ToUpper(r.Text))}
	case Param:
		return []ID{ID("gloss.parameter." + strings.ToUpper(r.Text))}
	case Mech:
		return []ID{ID("gloss.mechanism." + strings.ToUpper(r.Text))}
	case Cancel:
		return []ID{"gloss.cancel"}
	}
	return nil
}
