/* See rating.h. */
#include "exam/rating.h"

#include "base/exact.h"
#include "exam/model.h"

#include <assert.h>

static const double PI = 3.14159265358979323846;

/* `side` is +1 for the one whose rating rises with a right answer (the person), -1 for the item. */
static rating_t update(rating_t self, rating_t other, double side, bool right)
{
    assert(self.sd > 0 && other.sd >= 0);
    double g = 1.0 / exact_sqrt(1.0 + 3.0 * other.sd * other.sd / (PI * PI));
    double z = g * side * (self.mean - other.mean), expected = irt_logistic(z);
    double precision = 1.0 / (self.sd * self.sd) + g * g * expected * irt_logistic(-z);
    return (rating_t){self.mean + side * g * ((right ? 1.0 : 0.0) - expected) / precision, 1.0 / exact_sqrt(precision)};
}

rating_t rating_of_item(rating_t item, rating_t person, bool right)
{
    return update(item, person, -1, right);
}

rating_t rating_of_person(rating_t person, rating_t item, bool right)
{
    return update(person, item, 1, right);
}
