package i18n

// Plural forms, as Unicode CLDR names them.
const (
	one   = "one"
	few   = "few"
	many  = "many"
	other = "other"
)

// form returns the plural form that lang uses with n (Unicode CLDR, cardinal
// rules). What is not an int is a fraction to these rules: other.
func form(lang string, n any) string {
	i, ok := n.(int)
	if !ok {
		return other
	}
	if i < 0 {
		i = -i
	}
	switch lang {
	case "en":
		if i == 1 {
			return one
		}
	case "ru":
		switch tens, units := i/10%10, i%10; {
		case tens != 1 && units == 1: // 1, 21, 101
			return one
		case tens != 1 && 2 <= units && units <= 4: // 2, 23, 104
			return few
		default: // 0, 5, 11, 12
			return many
		}
	}
	return other
}
