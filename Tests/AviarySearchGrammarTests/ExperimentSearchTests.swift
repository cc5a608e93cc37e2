import AviarySearchGrammar
import Testing

struct ExperimentSearchTests {
    @Test(
        arguments: [
            ("name = 'a'", .name(.equal("a"))),
            ("attribute.name != 'a'", .name(.notEqual("a"))),
            ("name LIKE 'a%'", .name(.like("a%", ignoringCase: false))),
            ("name ilike 'a%'", .name(.like("a%", ignoringCase: true))),
            ("creation_time >= 5", .time(.creation, .compare(.greaterOrEqual, 5))),
            ("last_update_time < 5", .time(.lastUpdate, .compare(.less, 5))),
            ("experiment_id = '3'", .id(.among([3]))),
            ("experiment_id != '3'", .id(.notAmong([3]))),
            ("experiment_id IN ('1', '2')", .id(.among([1, 2]))),
            ("attribute.experiment_id NOT IN ('1')", .id(.notAmong([1]))),
            ("tag.a = 'x'", .tag("a", .text(.equal("x")))),
            ("tags.`a b` ILIKE 'x'", .tag("a b", .text(.like("x", ignoringCase: true)))),
            ("tags.a IS NULL", .tag("a", .text(.missing))),
            ("tags.a is not null", .tag("a", .text(.present))),
        ] as [(String, ExperimentTest)])
    func `both dialects take what MLflow takes`(filter: String, test: ExperimentTest) throws {
        for dialect in SearchDialect.allCases {
            #expect(try ExperimentSearch.filter(filter, dialect: dialect, now: 0) == .test(test))
        }
    }

    @Test(arguments: noFilters)
    func `what MLflow refuses is refused in its words`(filter: String, message: String) {
        let error = #expect(throws: SearchError.self) {
            _ = try ExperimentSearch.filter(filter, dialect: .mlflow, now: 0)
        }
        #expect(error?.description == message)
    }

    private static let noFilters: [(String, String)] = [
        ("foo bar", "Invalid clause(s) in filter string: foo bar"),
        (
            "metrics.a > 1",
            "Invalid entity type 'metrics'. Valid entity types are ('attribute', 'tag', 'tags')"
        ),
        (
            "attributes.name = 'a'",
            "Invalid entity type 'attributes'. Valid entity types are ('attribute', 'tag', 'tags')"
        ),
        (
            "id = '1'",
            "Invalid attribute key 'id' specified. Valid keys are "
                + "'{'name', 'experiment_id', 'creation_time', 'last_update_time'}'"
        ),
        ("tags.a-b = '1'", "Invalid comparison clause. Expected 'Identifier' found 'tags.a-b'"),
        ("name > 'a'", "Invalid comparator '>' not one of '{'=', '!=', 'LIKE', 'ILIKE', 'IN', 'NOT IN'}'"),
        ("name =~ 'a'", "Invalid comparator '=~' not one of '{'=', '!=', 'LIKE', 'ILIKE', 'IN', 'NOT IN'}'"),
        ("name IS NULL", "IS NULL / IS NOT NULL is only supported for tags, not for attribute 'name'"),
        (
            "name IN ('a')",
            "Only ['experiment_id'] attributes support comparison with a list of quoted string values."
        ),
        ("name = 5", "Expected a quoted string value for attributes. Got value 5"),
        ("creation_time LIKE 5", "Invalid comparator 'LIKE' not one of '{'=', '!=', '<', '<=', '>', '>='}'"),
        (
            "creation_time IS NULL",
            "IS NULL / IS NOT NULL is only supported for tags, not for attribute 'creation_time'"
        ),
        (
            "creation_time > '5'",
            "Expected numeric value type for numeric attribute: creation_time. Found '5'"
        ),
        ("creation_time > 1.5", "Invalid value for numeric attribute 'creation_time': '1.5'"),
        ("name = true", "Invalid clause(s) in filter string: name, =, true"),
        ("experiment_id > '5'", "Invalid comparator for experiment_id: >"),
        ("experiment_id LIKE '5'", "Invalid comparator for experiment_id: LIKE"),
        ("experiment_id = 'x'", "Invalid experiment ID 'x'. Experiment ID must be a valid integer."),
        (
            "experiment_id IN ('1', 'x')",
            "Invalid experiment ID 'x'. Experiment ID must be a valid integer."
        ),
        ("tags.a > 'x'", "Invalid comparator for tag: >"),
        ("tags.a NOT LIKE 'x'", "Invalid comparator for tag: NOT LIKE"),
        ("tags.a = 5", "Expected a quoted string value for tag (e.g. 'my-value'). Got value 5"),
    ]

    @Test(
        arguments: [
            ("name NOT LIKE 'a%'", .name(.notLike("a%", ignoringCase: false))),
            ("attributes.name IN ('a', 'b')", .name(.among(["a", "b"]))),
            ("experiment_id = 3", .id(.among([3]))),
            ("experiment_id NOT IN (1, '2')", .id(.notAmong([1, 2]))),
            ("creation_time > now() - 2h", .time(.creation, .compare(.greater, 10_000_000 - 7_200_000))),
            ("last_update_time < '1970-01-02'", .time(.lastUpdate, .compare(.less, 86_400_000))),
            ("tags.n >= 5", .tag("n", .number(.greaterOrEqual, 5))),
        ] as [(String, ExperimentTest)])
    func `the native language has more`(filter: String, test: ExperimentTest) throws {
        #expect(try ExperimentSearch.filter(filter, dialect: .native, now: 10_000_000) == .test(test))
    }

    @Test(
        arguments: [
            (
                "id = 1",
                noID
            ),
            (
                "params.a = 1",
                "column 1: 'params' is nothing that an experiment has; it has tags and attributes"
            ),
            ("experiment_id = 'x'", "column 17: a number is expected, not ''x''"),
            ("experiment_id IN (1, 2.5)", "column 22: a number is expected, not '2.5'"),
            (
                "experiment_id > 1",
                "column 15: '>' does not fit the number 'experiment_id'; it takes =, !=, IN, NOT IN"
            ),
        ])
    func `a native error says the column`(filter: String, message: String) {
        let error = #expect(throws: SearchError.self) {
            _ = try ExperimentSearch.filter(filter, dialect: .native, now: 0)
        }
        #expect(error?.description == message)
    }

    @Test(arguments: SearchDialect.allCases)
    func `an order has a key a clause`(dialect: SearchDialect) throws {
        let clauses = ["name DESC", "experiment_id", "attribute.creation_time asc", "last_update_time"]
        let order: [SearchOrder<ExperimentField>] = [
            SearchOrder(.name, isAscending: false), SearchOrder(.id), SearchOrder(.time(.creation)),
            SearchOrder(.time(.lastUpdate)),
        ]
        #expect(try ExperimentSearch.order(clauses, dialect: dialect) == order)
    }

    @Test func `of a field that stands in an order twice the first decides, or it is refused`() throws {
        let clauses = ["name DESC", "experiment_id", "name ASC"]
        let order = [SearchOrder(ExperimentField.name, isAscending: false), SearchOrder(.id)]
        #expect(try ExperimentSearch.order(clauses, dialect: .mlflow) == order)
        let error = #expect(throws: SearchError.self) {
            _ = try ExperimentSearch.order(clauses, dialect: .native)
        }
        #expect(error?.description == "column 1: 'name' stands in the order already")
    }

    @Test(
        arguments: [
            ("tags.a", "Invalid order_by entity: tag", "column 1: experiments are not ordered by their tags"),
            (
                "name foo", "Invalid ordering key in order_by clause 'name foo'.",
                "column 6: ASC or DESC is expected after 'name', not 'foo'"
            ),
            (
                "name ASC x", "Invalid order_by clause 'name ASC x'. Could not be parsed.",
                "column 10: ',' is expected after 'ASC', not 'x'"
            ),
            (
                "id",
                "Invalid attribute key 'id' specified. Valid keys are "
                    + "'{'name', 'experiment_id', 'creation_time', 'last_update_time'}'",
                noID
            ),
        ])
    func `an order that cannot be is refused`(clause: String, mlflow: String, native: String) {
        var error = #expect(throws: SearchError.self) {
            _ = try ExperimentSearch.order([clause], dialect: .mlflow)
        }
        #expect(error?.description == mlflow)
        error = #expect(throws: SearchError.self) {
            _ = try ExperimentSearch.order([clause], dialect: .native)
        }
        #expect(error?.description == native)
    }

    private static let noID =
        "column 1: 'id' is no attribute of an experiment; there are name, experiment_id, "
        + "creation_time, last_update_time; a tag is written tags.id"
}
